package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How full pages are, and how many are left when entries go. */
class FillTest {
  private static final int ENTRIES = 20_000;
  private static final TreeSizes SIZES = new TreeSizes(4096, Long.MAX_VALUE);

  private final StoredPages pages = new StoredPages();
  private final LoadingTree tree = new LoadingTree(BTree.create(pages, SIZES));

  /** The mean size of stored pages, as a part of the largest. */
  private double fill() throws IOException {
    StoredTree stored = new StoredTree(pages, tree.checkpoint(pages));
    return stored.pages().stream().mapToInt(PageAddress::length).average().orElseThrow()
        / SIZES.pageBytes();
  }

  @Test
  void ascendingKeysFillPages() throws IOException {
    for (int i = 0; i < ENTRIES; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 110));
    }
    assertThat(fill()).isGreaterThan(0.88);
  }

  @Test
  void ascendingKeysBetweenOthersFillPages() throws IOException {
    for (int i = 0; i < 100; i++) {
      tree.put(Keys.inode(i * 1000L), Keys.value(i, 110));
    }
    for (int i = 0; i < 100; i++) {
      for (int j = 1; j < 200; j++) {
        tree.put(Keys.inode(i * 1000L + j), Keys.value(i, 110));
      }
    }
    assertThat(fill()).isGreaterThan(0.80);
  }

  @Test
  void namesInAnyOrderFillTwoThirds() throws IOException {
    List<Integer> numbers = shuffled(new Random(3));
    for (int i : numbers) {
      tree.put(Keys.dentry(5, "file-" + i), Keys.value(i, 9));
    }
    assertThat(fill()).isGreaterThan(0.62);
  }

  @Test
  void deletingAllLeavesOnePage() throws IOException {
    List<Integer> numbers = shuffled(new Random(4));
    for (int i : numbers) {
      tree.put(Keys.inode(i), Keys.value(i, 110));
    }
    tree.checkpoint(pages);
    Collections.shuffle(numbers, new Random(5));
    for (int i : numbers) {
      assertThat(tree.delete(Keys.inode(i))).isNotNull();
    }
    assertThat(tree.tree.live().root().resident().level()).isZero();
    StoredTree stored = new StoredTree(pages, tree.checkpoint(pages));
    assertThat(stored.pages()).hasSize(1);
  }

  @Test
  void deletingMostMergesTheRest() throws IOException {
    for (int i = 0; i < ENTRIES; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 110));
    }
    for (int i = 0; i < ENTRIES; i++) {
      if (i % 20 != 0) {
        tree.delete(Keys.inode(i));
      }
    }
    assertThat(fill()).isGreaterThan(0.2);
    Invariants.check(tree.tree);
  }

  private static List<Integer> shuffled(Random random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, random);
    return numbers;
  }
}
