package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a frozen tree is, and what it says of the pages that it leaves behind. */
class CheckpointTest {
  private static final TreeSizes SIZES = new TreeSizes(512, Long.MAX_VALUE);
  private static final int ENTRIES = 1000;

  private final StoredPages pages = new StoredPages();
  private final LoadingTree tree = new LoadingTree(BTree.create(pages, SIZES));

  private void fill() throws IOException {
    for (int i = 0; i < ENTRIES; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 30));
    }
  }

  private LoadingTree open(PageAddress root) {
    return new LoadingTree(BTree.open(pages, root, SIZES));
  }

  @Test
  void anEmptyTreeIsStoredAndOpened() throws IOException {
    LoadingTree opened = open(tree.checkpoint(pages));
    assertThat(opened.get(Keys.inode(1))).isNull();
    assertThat(opened.floor(Keys.inode(1))).isNull();
    assertThat(opened.scan(new byte[0], null, 1)).isEmpty();
    assertThat(opened.put(Keys.inode(1), new byte[0])).isNull();
    assertThat(opened.get(Keys.inode(1))).isEmpty();
  }

  @Test
  void isTheTreeOfItsFreezeWhateverComesAfter() throws IOException {
    fill();
    try (FrozenTree frozen = tree.tree.freeze()) {
      for (int i = 0; i < ENTRIES; i += 2) {
        tree.delete(Keys.inode(i));
        tree.put(Keys.inode(i + 1), new byte[] {1});
        tree.put(Keys.inode(ENTRIES + i), new byte[] {2});
      }
      LoadingTree opened = open(frozen.write(pages));
      for (int i = 0; i < ENTRIES; i++) {
        assertThat(opened.get(Keys.inode(i))).isEqualTo(Keys.value(i, 30));
        assertThat(opened.get(Keys.inode(ENTRIES + i))).isNull();
      }
    }
  }

  @Test
  void leavesThatAreRenewedMoveAndSayTheSame() throws IOException {
    fill();
    PageAddress root = tree.checkpoint(pages);
    Set<PageAddress> old = new HashSet<>(pages.addresses());
    LoadingTree again = open(root);
    byte[] at = new byte[0];
    int leaves = 0;
    while (at != null) {
      at = again.renew(at, old::contains);
      leaves++;
    }
    assertThat(leaves).isGreaterThan(50);
    PageAddress moved = again.checkpoint(pages);
    assertThat(pages.addresses().size()).isEqualTo(2 * old.size());
    LoadingTree opened = open(moved);
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(opened.get(Keys.inode(i))).isEqualTo(Keys.value(i, 30));
    }
    assertThat(opened.renew(new byte[0], old::contains)).isNotNull();
    assertThat(opened.tree.dirtyBytes()).isZero();
  }

  @Test
  void writesOnlyWhatChanged() throws IOException {
    fill();
    PageAddress root = tree.checkpoint(pages);
    int whole = pages.addresses().size();
    tree.put(Keys.inode(ENTRIES / 2), new byte[30]);
    try (FrozenTree frozen = tree.tree.freeze()) {
      frozen.write(pages);
      frozen.commit();
      int depth = tree.tree.live().root().resident().level() + 1;
      assertThat(frozen.pagesWritten()).isEqualTo(depth).isLessThan(whole / 10);
      assertThat(frozen.superseded()).hasSize(depth).contains(root);
    }
  }

  @Test
  void writesNothingWhenNothingChanged() throws IOException {
    fill();
    PageAddress root = tree.checkpoint(pages);
    // Neither of these is a change.
    tree.put(Keys.inode(7), Keys.value(7, 30));
    tree.delete(Keys.inode(ENTRIES));
    try (FrozenTree frozen = tree.tree.freeze()) {
      assertThat(frozen.write(pages)).isEqualTo(root);
      assertThat(frozen.pagesWritten()).isZero();
      assertThat(frozen.superseded()).isEmpty();
      frozen.commit();
    }
    assertThat(tree.tree.dirtyBytes()).isZero();
  }

  @Test
  void aFailedWriteIsWrittenAgainInFull() throws IOException {
    fill();
    try (FrozenTree frozen = tree.tree.freeze()) {
      pages.failAfter(5);
      assertThatThrownBy(() -> frozen.write(pages)).isInstanceOf(IOException.class);
      assertThatThrownBy(frozen::commit).isInstanceOf(IllegalStateException.class);
      pages.addresses().forEach(pages::forget);
      pages.repair();
      PageAddress root = frozen.write(pages);
      frozen.commit();
      assertThat(new StoredTree(pages, root).pages()).isEqualTo(pages.addresses());
    }
  }

  @Test
  void whatWasAbandonedIsInTheNext() throws IOException {
    fill();
    PageAddress root = tree.checkpoint(pages);
    final Set<PageAddress> before = pages.addresses();
    tree.put(Keys.inode(1), new byte[1]);
    try (FrozenTree abandoned = tree.tree.freeze()) {
      tree.put(Keys.inode(ENTRIES - 1), new byte[2]);
      abandoned.write(pages);
      assertThat(abandoned.superseded()).contains(root);
    }
    Set<PageAddress> garbage = new HashSet<>(pages.addresses());
    garbage.removeAll(before);
    garbage.forEach(pages::forget);
    try (FrozenTree next = tree.tree.freeze()) {
      PageAddress newRoot = next.write(pages);
      next.commit();
      StoredTree stored = new StoredTree(pages, newRoot);
      assertThat(stored.entries()).containsEntry(Keys.inode(1), new byte[1]);
      assertThat(stored.entries()).containsEntry(Keys.inode(ENTRIES - 1), new byte[2]);
      next.superseded().forEach(pages::forget);
      assertThat(stored.pages()).isEqualTo(pages.addresses());
    }
  }

  @Test
  void ofTwoTreesThatAreFrozenOneMustEndFirst() throws IOException {
    fill();
    FrozenTree first = tree.tree.freeze();
    assertThatThrownBy(() -> tree.tree.freeze()).isInstanceOf(IllegalStateException.class);
    first.close();
    first.close();
    assertThatThrownBy(() -> first.write(pages)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(first::commit).isInstanceOf(IllegalStateException.class);
    tree.tree.freeze().close();
  }

  @Test
  void dirtyAndHeldMemoryEndWithTheCommit() throws IOException {
    fill();
    assertThat(tree.tree.dirtyBytes()).isEqualTo(tree.tree.residentBytes());
    final long before = tree.tree.residentBytes();
    try (FrozenTree frozen = tree.tree.freeze()) {
      for (int i = 0; i < ENTRIES; i++) {
        tree.put(Keys.inode(i), new byte[30]);
      }
      assertThat(tree.tree.residentBytes()).isGreaterThan(before * 19 / 10);
      frozen.write(pages);
      frozen.commit();
    }
    assertThat(tree.tree.residentBytes()).isLessThan(before * 13 / 10);
    assertThat(tree.tree.dirtyBytes()).isEqualTo(tree.tree.residentBytes());
    Invariants.check(tree.tree);
    tree.checkpoint(pages);
    assertThat(tree.tree.dirtyBytes()).isZero();
  }
}
