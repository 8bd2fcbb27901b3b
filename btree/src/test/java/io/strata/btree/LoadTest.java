package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How missing pages come into memory, and what may happen meanwhile. */
class LoadTest {
  private static final int ENTRIES = 20_000;
  private static final byte[] KEY = Keys.inode(77);
  private static final TreeSizes TIGHT = new TreeSizes(2048, 0);

  private final StoredPages pages = new StoredPages();
  private @Nullable PageAddress root;

  @BeforeEach
  void store() throws IOException {
    LoadingTree tree = new LoadingTree(BTree.create(pages, new TreeSizes(2048, Long.MAX_VALUE)));
    for (int i = 0; i < ENTRIES; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 110));
    }
    root = tree.checkpoint(pages);
  }

  private BTree open(PageSource source, TreeSizes sizes) {
    if (root == null) {
      throw new AssertionError("nothing is stored");
    }
    return BTree.open(source, root, sizes);
  }

  private static PageMissing miss(BTree tree) {
    try {
      tree.touch(KEY);
    } catch (PageMissing missing) {
      return missing;
    }
    throw new AssertionError("the page is there");
  }

  /** The misses down to a leaf, all but the last of them loaded. */
  private static PageMissing missLeaf(BTree tree) throws IOException {
    miss(tree).load();
    miss(tree).load();
    return miss(tree);
  }

  @Test
  void openingReadsNothing() throws IOException {
    BTree tree = open(pages, TIGHT);
    assertThat(pages.reads()).isZero();
    assertThat(tree.residentBytes()).isZero();
    PageMissing missing = miss(tree);
    assertThat(missing.address()).isEqualTo(root);
    assertThat(missing).hasMessageContaining(missing.address().toString());
    assertThat(missing.getStackTrace()).isEmpty();
    missLeaf(tree).load();
    assertThat(new LoadingTree(tree).get(KEY)).isEqualTo(Keys.value(77, 110));
    assertThat(pages.reads()).isEqualTo(3);
  }

  @Test
  void aWalkReadsManyPagesWithARequest() throws IOException {
    int stored = pages.addresses().size();
    LoadingTree tree = new LoadingTree(open(pages, TreeSizes.DEFAULT));
    assertThat(tree.scan(new byte[0], null, Integer.MAX_VALUE)).hasSize(ENTRIES);
    assertThat(pages.reads()).isLessThan(stored / 5);
    Invariants.check(tree.tree);
  }

  @Test
  void aLookHereAndThereReadsOnlyWhatItNeeds() throws IOException {
    LoadingTree tree = new LoadingTree(open(pages, TreeSizes.DEFAULT));
    tree.get(Keys.inode(0));
    long few = tree.tree.residentBytes();
    for (int i = 1; i < 10; i++) {
      tree.get(Keys.inode(i * 1000L));
    }
    assertThat(tree.tree.residentBytes() - few).isLessThan(40L * TIGHT.pageBytes());
  }

  @Test
  void aDamagedNeighbourIsNoMatterUntilItIsNeeded() throws IOException {
    List<PageAddress> leaves = new ArrayList<>();
    BTree probe = open(pages, TreeSizes.DEFAULT);
    missLeaf(probe);
    Inner lowest = (Inner) ((Inner) probe.live().root().resident()).child(0).resident();
    for (int i = 0; i < 8; i++) {
      PageAddress leaf = lowest.child(i).address();
      assertThat(leaf).isNotNull();
      leaves.add(leaf);
    }
    pages.replace(leaves.get(5), new byte[leaves.get(5).length()]);

    LoadingTree tree = new LoadingTree(open(pages, TreeSizes.DEFAULT));
    byte[] damaged = lowest.separator(5);
    byte[] behind = lowest.separator(6);
    assertThat(tree.scan(new byte[0], damaged, Integer.MAX_VALUE)).isNotEmpty();
    assertThat(tree.scan(behind, lowest.separator(8), Integer.MAX_VALUE)).isNotEmpty();
    assertThatThrownBy(() -> tree.get(damaged))
        .isInstanceOfSatisfying(
            DamagedPage.class, e -> assertThat(e.address()).isEqualTo(leaves.get(5)));
  }

  @Test
  void aLoadThatComesTooLateChangesNothing() throws IOException {
    BTree tree = open(pages, TIGHT);
    PageMissing top = miss(tree);
    top.load();
    PageMissing middle = miss(tree);
    middle.load();
    PageMissing leaf = miss(tree);
    leaf.load();
    // The leaf and its parent go; the miss that was met before is of a link that nobody has.
    for (int trims = 0; trims < 3; trims++) {
      tree.trim();
    }
    leaf.load();
    top.load();
    Invariants.check(tree);
    assertThat(miss(tree).address()).isEqualTo(middle.address());
  }

  @Test
  void aPageThatLeavesWhileItIsReadIsNoError() throws IOException {
    // While the page is read, its parent is evicted and loaded again, the page loaded, changed,
    // checkpointed, superseded and deleted from the store.
    LoadingTree[] other = new LoadingTree[1];
    boolean[] armed = {false};
    PageSource source =
        address -> {
          if (armed[0]) {
            armed[0] = false;
            LoadingTree tree = other[0];
            for (int trims = 0; trims < 3; trims++) {
              tree.tree.trim();
            }
            tree.put(KEY, new byte[1]);
            try (FrozenTree frozen = tree.tree.freeze()) {
              frozen.write(pages);
              frozen.commit();
              frozen.superseded().forEach(pages::forget);
            }
          }
          return pages.read(address);
        };
    BTree tree = open(source, TIGHT);
    other[0] = new LoadingTree(tree);
    PageMissing leaf = missLeaf(tree);
    armed[0] = true;
    leaf.load();
    assertThat(pages.addresses()).doesNotContain(leaf.address());
    Invariants.check(tree);
    assertThat(other[0].get(KEY)).isEqualTo(new byte[1]);
  }

  @Test
  void thoseWhoMissTheSamePageShareARead() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(1);
    PageSource slow =
        new PageSource() {
          @Override
          public ByteBuffer read(PageAddress address) throws IOException {
            reading.countDown();
            try {
              both.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return pages.read(address);
          }
        };
    BTree tree = open(slow, TIGHT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> loads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        PageMissing missing = miss(tree);
        loads.add(
            threads.submit(
                () -> {
                  missing.load();
                  return null;
                }));
      }
      reading.await();
      both.countDown();
      for (Future<?> load : loads) {
        load.get();
      }
    }
    assertThat(pages.reads()).isEqualTo(1);
    Invariants.check(tree);
  }
}
