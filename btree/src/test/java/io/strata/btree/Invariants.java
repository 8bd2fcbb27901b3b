package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks, of a live tree that nobody uses: order of keys, separators, levels, sizes of pages, what
 * is clean below what, and the ledger's counts.
 */
final class Invariants {
  private final LiveTree tree;
  private long resident;
  private long dirty;

  private Invariants(LiveTree tree) {
    this.tree = tree;
  }

  /** Checks all that is in memory. */
  static void check(BTree tree) {
    Invariants found = new Invariants(tree.live());
    ChildRef root = tree.live().root();
    Node node = root.node();
    if (node != null) {
      found.walk(root, node, node.level(), null, null);
    }
    PageLedger ledger = tree.live().ledger;
    assertThat(ledger.residentBytes()).as("resident").isEqualTo(found.resident);
    assertThat(ledger.dirtyBytes()).as("dirty").isEqualTo(found.dirty);
    assertThat(tree.residentBytes()).isEqualTo(found.resident + ledger.heldBytes());
  }

  private void walk(
      ChildRef ref, Node node, int level, byte @Nullable [] from, byte @Nullable [] to) {
    assertThat(node.level()).as("level").isEqualTo(level);
    assertThat(node.counted).as("counted memory").isEqualTo(node.footprint());
    resident += node.counted;
    if (ref.address() == null) {
      dirty += node.counted;
    }
    keys(node.slots, from, to);
    size(node);
    if (node instanceof Inner inner) {
      for (int i = 0; i < inner.count(); i++) {
        byte[] lower = i == 0 ? from : inner.separator(i);
        byte[] upper = i + 1 < inner.count() ? inner.separator(i + 1) : to;
        assertThat(inner.range(i).from()).as("lower bound").isEqualTo(lower);
        assertThat(inner.range(i).to()).as("upper bound").isEqualTo(upper);
        child(ref, inner, inner.child(i), lower, upper);
      }
    }
  }

  private void child(
      ChildRef ref, Inner inner, ChildRef child, byte @Nullable [] from, byte @Nullable [] to) {
    if (ref.address() != null) {
      assertThat(child.address()).as("a clean page has clean children").isNotNull();
    }
    Node below = child.node();
    if (below == null) {
      assertThat(child.address()).as("a page that is not in memory is stored").isNotNull();
      return;
    }
    if (tree.current(below)) {
      assertThat(tree.current(inner)).as("a current page has current parents").isTrue();
    }
    walk(child, below, inner.level() - 1, from, to);
  }

  private void size(Node node) {
    // A page is overfull only if it is too small to be split.
    int splittable = node instanceof Inner ? 3 : 2;
    if (node.slots.count() >= splittable) {
      assertThat(node.bytes()).as("bytes of a page").isLessThanOrEqualTo(tree.pageBytes);
    }
  }

  private static void keys(Slots slots, byte @Nullable [] from, byte @Nullable [] to) {
    byte @Nullable [] before = null;
    for (int i = 0; i < slots.count(); i++) {
      byte[] key = slots.key(i);
      assertThat(slots.find(key)).as("search").isEqualTo(i);
      if (before != null) {
        assertThat(Arrays.compareUnsigned(before, key)).as("order of keys").isNegative();
      }
      if (from != null) {
        assertThat(Arrays.compareUnsigned(from, key)).as("lower separator").isNotPositive();
      }
      if (to != null) {
        assertThat(Arrays.compareUnsigned(key, to)).as("upper separator").isNegative();
      }
      before = key;
    }
  }
}
