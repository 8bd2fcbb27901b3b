package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a leaf whose last entry goes, with and without siblings in memory. */
class FreeAtEmptyTest {
  private static final int ENTRIES = 2000;
  private static final TreeSizes SIZES = new TreeSizes(2048, 0);

  private final StoredPages pages = new StoredPages();
  private List<Entry> before = List.of();
  private List<Entry> emptied = List.of();
  private List<Entry> after = List.of();
  private BTree tree = BTree.create(pages, SIZES);

  /** Stores a tree, opens it, and finds out what three leaves hold that are next to each other. */
  @BeforeEach
  void store() throws IOException {
    LoadingTree filling = new LoadingTree(tree);
    for (int i = 0; i < ENTRIES; i++) {
      filling.put(Keys.inode(i), Keys.value(i, 110));
    }
    Inner root = (Inner) tree.live().root().resident();
    Inner parent = root.level() > 1 ? (Inner) root.child(0).resident() : root;
    before = entries(parent.child(5));
    emptied = entries(parent.child(6));
    after = entries(parent.child(7));
    tree = BTree.open(pages, filling.checkpoint(pages), SIZES);
  }

  private static List<Entry> entries(ChildRef leaf) {
    Slots slots = leaf.resident().slots;
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < slots.count(); i++) {
      entries.add(new Entry(slots.key(i), slots.value(i)));
    }
    return entries;
  }

  private void load(List<Entry> leaf) throws IOException {
    new LoadingTree(tree).touch(leaf.getFirst().key());
  }

  /** Deletes all of a leaf and puts it back, without loading anything. */
  private void renew() {
    try {
      for (Entry entry : emptied) {
        assertThat(tree.delete(entry.key())).isEqualTo(entry.value());
      }
      Invariants.check(tree);
      for (Entry entry : emptied) {
        assertThat(tree.put(entry.key(), entry.value())).isNull();
      }
      Invariants.check(tree);
    } catch (PageMissing missing) {
      throw new AssertionError("a touched key missed a page", missing);
    }
  }

  private void assertWhole() throws IOException {
    LoadingTree whole = new LoadingTree(tree);
    assertThat(whole.scan(new byte[0], null, Integer.MAX_VALUE)).hasSize(ENTRIES);
  }

  @Test
  void itsKeysGoToTheOneBeforeIt() throws IOException {
    load(before);
    load(emptied);
    renew();
    assertWhole();
  }

  @Test
  void orToTheOneAfterIt() throws IOException {
    load(emptied);
    load(after);
    renew();
    assertWhole();
  }

  @Test
  void orItStays() throws IOException {
    load(emptied);
    renew();
    assertWhole();
  }

  @Test
  void itIsReportedAndNoSiblingIsWritten() throws IOException {
    load(before);
    load(emptied);
    LoadingTree loading = new LoadingTree(tree);
    for (Entry entry : emptied) {
      loading.delete(entry.key());
    }
    try (FrozenTree frozen = tree.freeze()) {
      frozen.write(pages);
      int levels = tree.live().root().resident().level();
      assertThat(frozen.pagesWritten()).as("its parents").isEqualTo(levels);
      assertThat(frozen.superseded()).as("its parents and itself").hasSize(levels + 1);
    }
  }

  @Test
  void emptyLeavesAreSkipped() throws IOException {
    PageAddress root = new LoadingTree(tree).checkpoint(pages);
    int leaf = 100;
    for (int from : new int[] {5 * leaf, 7 * leaf, 6 * leaf}) {
      // With every sibling out of memory, nothing can take over the keys.
      LoadingTree cold = new LoadingTree(BTree.open(pages, root, SIZES));
      for (int i = from; i < from + leaf; i++) {
        cold.delete(Keys.inode(i));
        root = cold.checkpoint(pages);
        cold = new LoadingTree(BTree.open(pages, root, SIZES));
      }
    }
    LoadingTree cold = new LoadingTree(BTree.open(pages, root, SIZES));
    Entry floor = cold.floor(Keys.inode(8L * leaf - 1));
    assertThat(floor).isNotNull();
    assertThat(floor == null ? null : floor.key()).isEqualTo(Keys.inode(5L * leaf - 1));
    List<Entry> next = cold.scan(Keys.inode(5L * leaf), null, 1);
    assertThat(next.getFirst().key()).isEqualTo(Keys.inode(8L * leaf));
    assertThat(cold.put(Keys.inode(6L * leaf), new byte[1])).isNull();
    Entry put = cold.floor(Keys.inode(8L * leaf - 1));
    assertThat(put == null ? null : put.key()).isEqualTo(Keys.inode(6L * leaf));
  }
}
