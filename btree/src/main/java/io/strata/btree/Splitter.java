package io.strata.btree;

import java.util.ArrayList;
import java.util.List;

/** Splits pages that have become too large, from a leaf upwards. Guarded by the exclusive lock. */
final class Splitter {
  /** Children that an inner page must have to be split, so that each part has two. */
  private static final int CHILDREN_MIN = 4;

  private final LiveTree tree;

  Splitter(LiveTree tree) {
    this.tree = tree;
  }

  /** A page that was split off, and the separator before it. */
  @SuppressWarnings("ArrayRecordComponent") // a pair to take apart, never compared
  private record Part(byte[] separator, Node node) {}

  /**
   * Splits the path's leaf if it is too large, and so on up to a new root. Whether it was: the path
   * is of no use then.
   */
  boolean split(Path path) {
    if (!overfull(path.leaf())) {
      return false;
    }
    Node node = path.leaf();
    for (int d = path.depth() - 1; overfull(node); d--) {
      List<Part> parts = new ArrayList<>(2);
      split(node, parts);
      tree.ledger.changed(node);
      Inner parent;
      int at;
      if (d >= 0) {
        parent = path.inner(d);
        at = path.index(d);
      } else {
        parent = Inner.above(node.epoch, node.level() + 1, tree.root());
        parent.use();
        tree.root(tree.link(parent));
        at = 0;
      }
      for (Part part : parts) {
        parent.insert(++at, part.separator, tree.link(part.node));
      }
      tree.ledger.changed(parent);
      node = parent;
    }
    return true;
  }

  private boolean overfull(Node node) {
    return switch (node) {
      // Where entries only come at the end a little room is left, lest they all split when they
      // grow.
      case Leaf leaf ->
          leaf.slots.count() > 1
              && leaf.bytes()
                  > (leaf.appended() ? tree.pageBytes - (tree.pageBytes >>> 4) : tree.pageBytes);
      case Inner inner -> inner.count() >= CHILDREN_MIN && inner.bytes() > tree.pageBytes;
    };
  }

  /** Cuts a page, and its parts, until none is too large; adds the new ones in order of keys. */
  private void split(Node node, List<Part> parts) {
    Part part =
        switch (node) {
          case Leaf leaf -> {
            Leaf right = leaf.split(leaf.cut());
            yield new Part(leaf.separator(right), right);
          }
          case Inner inner -> {
            int at = inner.cut();
            byte[] separator = inner.separator(at);
            yield new Part(separator, inner.split(at));
          }
        };
    part.node.use();
    if (overfull(node)) {
      split(node, parts);
    }
    parts.add(part);
    if (overfull(part.node)) {
      split(part.node, parts);
    }
  }
}
