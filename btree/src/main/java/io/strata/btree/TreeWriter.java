package io.strata.btree;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts and deletes entries. Guarded by the exclusive lock. */
final class TreeWriter {
  private final LiveTree tree;
  private final Splitter splitter;
  private final Merger merger;

  TreeWriter(LiveTree tree) {
    this.tree = tree;
    splitter = new Splitter(tree);
    merger = new Merger(tree);
  }

  byte @Nullable [] put(byte[] key, byte[] value) throws PageMissing {
    Path path = new Path(tree, key);
    int i = path.leaf().slots.find(key);
    byte[] previous = null;
    if (i >= 0) {
      previous = path.leaf().slots.value(i);
      if (path.leaf().slots.holds(i, value)) {
        return previous;
      }
      path.own().slots.replace(i, value);
    } else {
      path.own().insert(-i - 1, key, value);
    }
    tree.ledger.changed(path.leaf());
    if (!splitter.split(path) && previous != null && value.length < previous.length) {
      merger.merge(path);
    }
    return previous;
  }

  byte @Nullable [] renew(byte[] key, Predicate<PageAddress> kind) throws PageMissing {
    ChildRef ref = tree.root();
    byte[] next = null;
    Node node = tree.rootNode();
    // A leaf that is to stay as it is need not be loaded.
    while (node instanceof Inner inner) {
      int i = inner.indexOf(key);
      next = i + 1 < inner.count() ? inner.separator(i + 1) : next;
      ref = inner.child(i);
      if (inner.level() == 1) {
        break;
      }
      node = tree.child(inner, i);
    }
    PageAddress address = ref.address();
    if (address != null && kind.test(address)) {
      Path path = new Path(tree, key);
      path.own();
      tree.ledger.changed(path.leaf());
    }
    return next;
  }

  byte @Nullable [] delete(byte[] key) throws PageMissing {
    Path path = new Path(tree, key);
    int i = path.leaf().slots.find(key);
    if (i < 0) {
      return null;
    }
    byte[] previous = path.leaf().slots.value(i);
    path.own().remove(i);
    tree.ledger.changed(path.leaf());
    merger.merge(path);
    return previous;
  }
}
