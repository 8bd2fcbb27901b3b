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
    long before = tree.tree.residentBytes();
    tree.tree.trim();
    assertThat(tree.tree.residentBytes()).as("all were used").isEqualTo(before);
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
    assertThat((double) hits / uses).isGreaterThan(0.98);
  }

  @Test
  void whatWasUsedLastStaysWhicheverWayItWent() throws IOException {
    tree.checkpoint(pages);
    int recent = ENTRIES / 20;
    for (int i = 0; i < ENTRIES; i++) {
      tree.get(Keys.inode(i));
      tree.tree.trim();
    }
    int before = pages.reads();
    for (int i = ENTRIES - recent; i < ENTRIES; i++) {
      tree.get(Keys.inode(i));
    }
    assertThat(pages.reads()).as("ascending").isEqualTo(before);
    for (int i = ENTRIES - 1; i >= 0; i--) {
      tree.get(Keys.inode(i));
      tree.tree.trim();
    }
    before = pages.reads();
    for (int i = 0; i < recent; i++) {
      tree.get(Keys.inode(i));
    }
    assertThat(pages.reads()).as("descending").isEqualTo(before);
  }

  @Test
  void dirtyPagesLeaveALittleRoom() throws IOException {
    PageAddress root = tree.checkpoint(pages);
    LoadingTree full = new LoadingTree(BTree.open(pages, root, new TreeSizes(2048, 1_000_000)));
    for (int i = 0; i < ENTRIES / 2; i++) {
      full.put(Keys.inode(i), Keys.value(-i, 110));
      full.tree.trim();
    }
    assertThat(full.tree.dirtyBytes()).isGreaterThan(1_000_000);
    int before = pages.reads();
    for (int i = 0; i < 100; i++) {
      full.get(Keys.inode(ENTRIES - 1 - i % 2 * 100));
      full.tree.trim();
    }
    assertThat(pages.reads() - before).isLessThan(10);
    assertThat(full.tree.residentBytes() - full.tree.dirtyBytes()).isLessThan(40_000);
  }

  @Test
  void whatWasJustLoadedCanBeUsedHoweverLittleMemoryThereIs() throws IOException {
    PageAddress root = tree.checkpoint(pages);
    BTree tight = BTree.open(pages, root, new TreeSizes(512, 0));
    Random random = new Random(6);
    for (int i = 0; i < 1000; i++) {
      byte[] from = Keys.inode(random.nextInt(ENTRIES - 100));
      int before = pages.reads();
      boolean done = false;
      while (!done) {
        try {
          tight.scan(from, null, (key, value) -> false);
          tight.floor(from);
          done = true;
        } catch (PageMissing missing) {
          missing.load();
          tight.trim();
        }
      }
      assertThat(pages.reads() - before).isLessThan(10);
    }
  }

  @Test
  void innerPagesGoToo() throws IOException {
    PageAddress root = tree.checkpoint(pages);
    LoadingTree tight = new LoadingTree(BTree.open(pages, root, new TreeSizes(2048, 0)));
    for (int i = 0; i < ENTRIES; i += 100) {
      assertThat(tight.get(Keys.inode(i))).isNotNull();
    }
    for (int trims = 0; trims < 4; trims++) {
      tight.tree.trim();
    }
    Invariants.check(tight.tree);
    Node node = tight.tree.live().root().resident();
    assertThat(tight.tree.residentBytes()).isEqualTo(node.footprint());
  }

  @Test
  void aTrimGoesOnWhereTheLastOneStopped() throws IOException {
    TreeSizes tiny = new TreeSizes(256, 1 << 20);
    LoadingTree wide = new LoadingTree(BTree.create(pages, tiny));
    for (int i = 0; i < 2 * ClockSweep.LINKS_MAX; i++) {
      wide.put(Keys.inode(i), Keys.value(i, 200));
    }
    wide.checkpoint(pages);
    long before = wide.tree.residentBytes();
    wide.tree.trim();
    // All pages were used, so the first look at some of them lets them stay.
    assertThat(wide.tree.residentBytes()).isEqualTo(before);
    int trims = 1;
    while (wide.tree.residentBytes() > tiny.residentBytesMax()) {
      wide.tree.trim();
      trims++;
    }
    assertThat(trims).isBetween(3, 8);
    Invariants.check(wide.tree);
  }
}
