package io.strata.btree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Looks entries up. Guarded by the shared lock. */
final class TreeReader {
  private final LiveTree tree;

  TreeReader(LiveTree tree) {
    this.tree = tree;
  }

  byte @Nullable [] get(byte[] key) throws PageMissing {
    Slots slots = tree.leaf(key).slots;
    int i = slots.find(key);
    return i < 0 ? null : slots.value(i);
  }

  void scan(byte[] from, byte @Nullable [] to, Visitor visitor) throws PageMissing {
    if (to == null || Arrays.compareUnsigned(from, to) < 0) {
      scan(tree.rootNode(), from, to, visitor);
    }
  }

  /** Visits a subtree's entries; {@code from} is null if all are above it. False to stop. */
  private boolean scan(Node node, byte @Nullable [] from, byte @Nullable [] to, Visitor visitor)
      throws PageMissing {
    return switch (node) {
      case Leaf leaf -> scanLeaf(leaf.slots, from, to, visitor);
      case Inner inner -> {
        int first = from == null ? 0 : inner.indexOf(from);
        int last = to == null ? inner.count() - 1 : inner.lastBelow(to);
        for (int i = first; i <= last; i++) {
          if (!scan(tree.child(inner, i), i == first ? from : null, to, visitor)) {
            yield false;
          }
        }
        yield true;
      }
    };
  }

  private static boolean scanLeaf(
      Slots slots, byte @Nullable [] from, byte @Nullable [] to, Visitor visitor) {
    int first = from == null ? 0 : ceiling(slots, from);
    int end = to == null ? slots.count() : ceiling(slots, to);
    for (int i = first; i < end; i++) {
      if (!visitor.visit(slots.key(i), slots.value(i))) {
        return false;
      }
    }
    return true;
  }

  /** The index of the first entry whose key is not below {@code key}. */
  private static int ceiling(Slots slots, byte[] key) {
    int i = slots.find(key);
    return i >= 0 ? i : -i - 1;
  }

  @Nullable Entry floor(byte[] key) throws PageMissing {
    return floor(tree.rootNode(), key);
  }

  /** The last entry of a subtree, not above {@code key} unless that is null. */
  private @Nullable Entry floor(Node node, byte @Nullable [] key) throws PageMissing {
    switch (node) {
      case Leaf leaf -> {
        Slots slots = leaf.slots;
        int found = key == null ? slots.count() - 1 : slots.find(key);
        int i = found >= 0 || key == null ? found : -found - 2;
        return i < 0 ? null : new Entry(slots.key(i), slots.value(i));
      }
      case Inner inner -> {
        int index = key == null ? inner.count() - 1 : inner.indexOf(key);
        for (int i = index; i >= 0; i--) {
          // Only the first child that is looked at reaches above the key.
          Entry entry = floor(tree.child(inner, i), i == index ? key : null);
          if (entry != null) {
            return entry;
          }
        }
        return null;
      }
    }
  }
}
