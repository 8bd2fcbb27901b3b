package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.btree.format.PageView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what must always hold of a tree's structure and of its accounts. */
final class Invariants {
  private long resident;
  private long dirty;

  private Invariants() {}

  /** Checks all that is in memory of a live tree that nobody uses. */
  static void check(BTree tree) {
    Invariants found = new Invariants();
    ChildRef root = tree.live().root();
    Node node = root.node();
    if (node != null) {
      found.walk(tree, root, node, node.level(), null, null);
      assertThat(node instanceof Inner inner ? inner.count() : 2)
          .as("children of the root, unless it has one that is not in memory")
          .isGreaterThanOrEqualTo(1);
    }
    assertThat(tree.live().ledger.residentBytes()).as("resident").isEqualTo(found.resident);
    assertThat(tree.live().ledger.dirtyBytes()).as("dirty").isEqualTo(found.dirty);
  }

  private void walk(
      BTree tree,
      ChildRef ref,
      Node node,
      int level,
      byte @Nullable [] from,
      byte @Nullable [] to) {
    assertThat(node.level()).isEqualTo(level);
    assertThat(node.counted).isEqualTo(node.footprint());
    resident += node.counted;
    if (ref.address() == null) {
      dirty += node.counted;
    }
    keys(node.slots, from, to);
    // A page with several entries may be overfull only by what one put can leave behind.
    if (node.slots.count() > 3) {
      assertThat(node.bytes()).isLessThanOrEqualTo(tree.live().pageBytes);
    }
    if (node instanceof Inner inner) {
      for (int i = 0; i < inner.count(); i++) {
        ChildRef child = inner.child(i);
        Node below = child.node();
        if (ref.address() != null) {
          assertThat(child.address()).as("a clean page's child is clean").isNotNull();
        }
        if (below == null) {
          assertThat(child.address()).as("address of a page not in memory").isNotNull();
        } else {
          if (tree.live().current(below)) {
            assertThat(tree.live().current(inner)).as("parent of a current page").isTrue();
          }
          byte[] lower = i == 0 ? from : inner.separator(i);
          byte[] upper = i + 1 < inner.count() ? inner.separator(i + 1) : to;
          walk(tree, child, below, level - 1, lower, upper);
        }
      }
    }
  }

  private static void keys(Slots slots, byte @Nullable [] from, byte @Nullable [] to) {
    byte @Nullable [] before = null;
    for (int i = 0; i < slots.count(); i++) {
      byte[] key = slots.key(i);
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

  /** The stored pages below a root, found without the tree's code; fills in their entries. */
  static Set<PageAddress> stored(StoredPages pages, PageAddress root, Map<byte[], byte[]> entries)
      throws IOException {
    Set<PageAddress> found = new HashSet<>();
    stored(pages, root, -1, found, entries);
    return found;
  }

  private static void stored(
      StoredPages pages,
      PageAddress address,
      int level,
      Set<PageAddress> found,
      Map<byte[], byte[]> entries)
      throws IOException {
    assertThat(found.add(address)).as("page met only once").isTrue();
    PageView page = PageView.of(pages.read(address));
    if (level >= 0) {
      assertThat(page.level()).isEqualTo(level);
    }
    for (int i = 0; i < page.count(); i++) {
      if (page.leaf()) {
        assertThat(entries.put(page.key(i), page.value(i))).as("key met only once").isNull();
      } else {
        PageAddress child = PageAddress.decode(ByteBuffer.wrap(page.value(i)));
        stored(pages, child, page.level() - 1, found, entries);
      }
    }
  }
}
