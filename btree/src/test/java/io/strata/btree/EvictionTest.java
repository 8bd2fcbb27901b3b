package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory is bounded, what is used stays, and what went comes back. */
class EvictionTest {
  private static final int ENTRIES = 20_000;
  private static final long LIMIT = 300_000;
  private static final TreeSizes SIZES = new TreeSizes(2048, LIMIT);

  private final StoredPages pages = new StoredPages();
  private final LoadingTree tree = new LoadingTree(BTree.create(pages, SIZES));

  @BeforeEach
  void fill() throws IOException {
    for (int i = 0; i < ENTRIES; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 110));
    }
  }

  @Test
  void dirtyPagesStay() throws IOException {
    long before = tree.tree.residentBytes();
    tree.tree.trim();
    assertThat(tree.tree.residentBytes()).isEqualTo(before).isGreaterThan(LIMIT);
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(tree.get(Keys.inode(i))).isNotNull();
    }
    assertThat(pages.reads()).isZero();
  }

  @Test
  void storedPagesGoUntilTheLimitIsKept() throws IOException {
    tree.checkpoint(pages);
    tree.tree.trim();
    assertThat(tree.tree.residentBytes()).isLessThanOrEqualTo(LIMIT);
    // Not more than need be.
    assertThat(tree.tree.residentBytes()).isGreaterThan(LIMIT * 8 / 10);
    Invariants.check(tree.tree);
  }

  @Test
  void memoryStaysBoundedUnderReadsAndWrites() throws IOException {
    tree.checkpoint(pages);
    tree.tree.trim();
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      int n = random.nextInt(ENTRIES);
      assertThat(tree.get(Keys.inode(n))).hasSize(110);
      if (i % 10 == 0) {
        tree.put(Keys.inode(n), Keys.value(i, 110));
      }
      tree.tree.trim();
      if (tree.tree.dirtyBytes() > LIMIT / 4) {
        tree.checkpoint(pages);
      }
      assertThat(tree.tree.residentBytes()).isLessThan(LIMIT * 12 / 10);
    }
    Invariants.check(tree.tree);
  }

  @Test
  void whatIsUsedStays() throws IOException {
    tree.checkpoint(pages);
    tree.tree.trim();
    Random random = new Random(5);
    int hits = 0;
    int uses = 0;
    for (int i = 0; i < 20_000; i++) {
      // Most uses are of a fiftieth of the entries, which fits into memory.
      boolean hot = random.nextInt(5) > 0;
      int n = random.nextInt(hot ? ENTRIES / 50 : ENTRIES);
      int before = pages.reads();
      tree.get(Keys.inode(n));
      if (hot && i > 5000) {
        uses++;
        hits += pages.reads() == before ? 1 : 0;
      }
      tree.tree.trim();
    }
    assertThat((double) hits / uses).isGreaterThan(0.95);
  }

  @Test
  void innerPagesGoToo() throws IOException {
    PageAddress root = tree.checkpoint(pages);
    LoadingTree tight = new LoadingTree(BTree.open(pages, root, new TreeSizes(2048, 0)));
    for (int i = 0; i < ENTRIES; i += 100) {
      assertThat(tight.get(Keys.inode(i))).isNotNull();
    }
    tight.tree.trim();
    Invariants.check(tight.tree);
    Node node = tight.tree.live().root().resident();
    assertThat(tight.tree.residentBytes()).isEqualTo(node.footprint());
  }

  @Test
  void aScanReadsManyPagesWithARequest() throws IOException {
    PageAddress root = tree.checkpoint(pages);
    int stored = pages.addresses().size();
    LoadingTree opened = new LoadingTree(BTree.open(pages, root, SIZES));
    int before = pages.reads();
    assertThat(opened.scan(new byte[0], null, Integer.MAX_VALUE)).hasSize(ENTRIES);
    assertThat(pages.reads() - before).isLessThan(stored / 5);
    Invariants.check(opened.tree);
  }

  @Test
  void aLoadThatComesTooLateChangesNothing() throws IOException {
    PageAddress root = tree.checkpoint(pages);
    BTree opened = BTree.open(pages, root, new TreeSizes(2048, 0));
    PageMissing late = miss(opened, Keys.inode(77));
    late.load();
    PageMissing middle = miss(opened, Keys.inode(77));
    middle.load();
    PageMissing leaf = miss(opened, Keys.inode(77));
    leaf.load();
    // The leaf and its parent go; the miss that was met before is of a link that nobody has.
    opened.trim();
    opened.trim();
    leaf.load();
    late.load();
    Invariants.check(opened);
    assertThat(miss(opened, Keys.inode(77)).address()).isEqualTo(middle.address());
  }

  private static PageMissing miss(BTree tree, byte[] key) {
    try {
      tree.touch(key);
    } catch (PageMissing missing) {
      return missing;
    }
    throw new AssertionError("the page is there");
  }
}
