package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * A page that is not what was written is reported by its address, and nothing of it is returned.
 */
class DamagedPageTest {
  private static final TreeSizes SIZES = new TreeSizes(512, Long.MAX_VALUE);
  private static final int ENTRIES = 300;

  private static PageAddress store(StoredPages pages) throws IOException {
    LoadingTree tree = new LoadingTree(BTree.create(pages, SIZES));
    for (int i = 0; i < ENTRIES; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 40));
    }
    return tree.checkpoint(pages);
  }

  /** Reads every entry on its own; those that can be read must be right. Returns the errors. */
  private static List<DamagedPage> readAll(StoredPages pages, PageAddress root) throws IOException {
    LoadingTree tree = new LoadingTree(BTree.open(pages, root, SIZES));
    List<DamagedPage> errors = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      try {
        assertThat(tree.get(Keys.inode(i))).isEqualTo(Keys.value(i, 40));
      } catch (DamagedPage damaged) {
        errors.add(damaged);
      }
    }
    Invariants.check(tree.tree);
    return errors;
  }

  private static void assertReported(StoredPages pages, PageAddress root, PageAddress damaged)
      throws IOException {
    List<DamagedPage> errors = readAll(pages, root);
    assertThat(errors).isNotEmpty();
    assertThat(errors).allSatisfy(e -> assertThat(e.address()).isEqualTo(damaged));
    assertThat(errors).allSatisfy(e -> assertThat(e).hasMessageContaining(damaged.toString()));
  }

  private static PageAddress any(StoredPages pages, Random random) {
    List<PageAddress> all = new ArrayList<>(pages.addresses());
    all.sort(
        (a, b) ->
            a.pack() != b.pack()
                ? Long.compare(a.pack(), b.pack())
                : Integer.compare(a.offset(), b.offset()));
    return all.get(random.nextInt(all.size()));
  }

  @Property(tries = 200)
  void changedBytesAreFoundOut(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StoredPages pages = new StoredPages();
    PageAddress root = store(pages);
    PageAddress victim = any(pages, random);
    byte[] bytes = pages.bytes(victim);
    for (int flips = random.nextInt(3); flips >= 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    }
    if (Arrays.equals(bytes, pages.bytes(victim))) {
      return;
    }
    pages.replace(victim, bytes);
    assertReported(pages, root, victim);
  }

  @Property(tries = 50)
  void lostBytesAreFoundOut(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StoredPages pages = new StoredPages();
    PageAddress root = store(pages);
    PageAddress victim = any(pages, random);
    byte[] bytes = pages.bytes(victim);
    pages.replace(victim, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    assertReported(pages, root, victim);
  }

  @Property(tries = 50)
  void anotherPageInItsPlaceIsFoundOut(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StoredPages pages = new StoredPages();
    PageAddress root = store(pages);
    PageAddress victim = any(pages, random);
    PageAddress other = any(pages, random);
    if (victim.equals(other) || victim.equals(root)) {
      // The root may be any page, as far as the tree knows; its address has a checksum.
      return;
    }
    pages.replace(victim, pages.bytes(other));
    assertReported(pages, root, victim);
  }

  @Property(tries = 20)
  void aLostPageIsFoundOut(@ForAll long seed) throws IOException {
    StoredPages pages = new StoredPages();
    PageAddress root = store(pages);
    PageAddress victim = any(pages, new Random(seed));
    pages.forget(victim);
    assertReported(pages, root, victim);
  }

  @Property(tries = 20)
  void changesBesideADamagedPageGoOn(@ForAll long seed) throws IOException {
    StoredPages pages = new StoredPages();
    PageAddress root = store(pages);
    PageAddress victim = any(pages, new Random(seed));
    if (victim.equals(root)) {
      return;
    }
    pages.forget(victim);
    LoadingTree tree = new LoadingTree(BTree.open(pages, root, SIZES));
    int failed = 0;
    for (int i = 0; i < ENTRIES; i++) {
      byte[] key = Keys.inode(i);
      @Nullable DamagedPage error = catchThrowableOfType(DamagedPage.class, () -> tree.delete(key));
      failed += error == null ? 0 : 1;
    }
    assertThat(failed).isPositive().isLessThan(ENTRIES);
    Invariants.check(tree.tree);
  }
}
