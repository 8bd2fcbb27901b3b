package io.strata.btree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds what differs between two trees that read from the same source, such as two checkpoints of
 * one. Subtrees that both have in common are known by their addresses and not looked into, so that it
 * costs what differs.
 *
 * <p>Confined to one thread; while {@link #advance} runs, nobody changes either tree.
 */
public final class TreeDifference {
  private final BTree before;
  private final BTree after;
  private final byte @Nullable [] end;

  /** All differences below this key have been told. */
  private byte[] position;

  private Visitor visitor = (key, old, now) -> true;

  /** Receives differences in ascending order of keys. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes a key whose values differ; all arrays are the visitor's own.
     *
     * @param before its value in the one tree, or null
     * @param after its value in the other, or null
     * @return whether to go on
     */
    boolean visit(byte[] key, byte @Nullable [] before, byte @Nullable [] after);
  }

  /**
   * Compares the keys of a range.
   *
   * @param toExclusive what keys must be below, or null for all that follow
   */
  public TreeDifference(
      BTree before, BTree after, byte[] from, byte @Nullable [] toExclusive) {
    this.before = before;
    this.after = after;
    this.position = from.clone();
    this.end = toExclusive == null ? null : toExclusive.clone();
  }

  /**
   * Goes on where it stopped.
   *
   * @return whether the end was reached; false if the visitor had enough
   * @throws PageMissing if a page must be loaded before it goes on
   */
  public boolean advance(Visitor told) throws PageMissing {
    visitor = told;
    return compare(
        new Side(before, before.live().root()), new Side(after, after.live().root()), position, end);
  }

  /** A subtree of one of the trees, perhaps not in memory. */
  private record Side(BTree tree, ChildRef ref, @Nullable Inner parent, int index) {
    Side(BTree tree, ChildRef root) {
      this(tree, root, null, 0);
    }

    Node node() throws PageMissing {
      return parent == null ? tree.live().rootNode() : tree.live().child(parent, index);
    }

    Side child(Inner inner, int i) {
      return new Side(tree, inner.child(i), inner, i);
    }

    boolean same(Side other) {
      PageAddress address = ref.address();
      return address != null && address.equals(other.ref.address());
    }
  }

  /** Compares what two subtrees have in a range that both cover; false to stop. */
  private boolean compare(Side one, Side other, byte[] from, byte @Nullable [] to)
      throws PageMissing {
    if (one.same(other) || (to != null && Arrays.compareUnsigned(from, to) >= 0)) {
      return true;
    }
    position = from;
    Node left = one.node();
    Node right = other.node();
    if (left instanceof Leaf a && right instanceof Leaf b) {
      return merge(a.slots, b.slots, from, to);
    }
    Inner a = left instanceof Inner inner ? inner : null;
    Inner b = right instanceof Inner inner ? inner : null;
    if (a != null && b != null && a.level() != b.level()) {
      // The higher one is entered alone, until both are at one level.
      if (a.level() > b.level()) {
        b = null;
      } else {
        a = null;
      }
    }
    byte[] at = from;
    while (true) {
      int i = a == null ? 0 : a.indexOf(at);
      int j = b == null ? 0 : b.indexOf(at);
      byte[] next = least(least(upper(a, i), upper(b, j)), to);
      if (!compare(
          a == null ? one : one.child(a, i), b == null ? other : other.child(b, j), at, next)) {
        return false;
      }
      if (next == null || (to != null && Arrays.compareUnsigned(next, to) >= 0)) {
        return true;
      }
      at = next;
    }
  }

  private static byte @Nullable [] upper(@Nullable Inner inner, int i) {
    return inner == null || i + 1 >= inner.count() ? null : inner.separator(i + 1);
  }

  private static byte @Nullable [] least(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Arrays.compareUnsigned(one, other) <= 0 ? one : other;
  }

  private boolean merge(Slots a, Slots b, byte[] from, byte @Nullable [] to) {
    int i = ceiling(a, from);
    int j = ceiling(b, from);
    int aEnd = to == null ? a.count() : ceiling(a, to);
    int bEnd = to == null ? b.count() : ceiling(b, to);
    while (i < aEnd || j < bEnd) {
      byte[] left = i < aEnd ? a.key(i) : null;
      byte[] right = j < bEnd ? b.key(j) : null;
      int order =
          left == null ? 1 : right == null ? -1 : Arrays.compareUnsigned(left, right);
      byte[] old = order <= 0 ? a.value(i++) : null;
      byte[] now = order >= 0 ? b.value(j++) : null;
      byte[] key = order <= 0 ? left : right;
      if (key != null && !Arrays.equals(old, now) && !tell(key, old, now)) {
        return false;
      }
    }
    return true;
  }

  private boolean tell(byte[] key, byte @Nullable [] old, byte @Nullable [] now) {
    position = Arrays.copyOf(key, key.length + 1);
    return visitor.visit(key, old, now);
  }

  private static int ceiling(Slots slots, byte[] key) {
    int i = slots.find(key);
    return i >= 0 ? i : -i - 1;
  }
}
