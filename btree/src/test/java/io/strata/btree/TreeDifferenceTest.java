package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What differs between two trees, against what two maps say. */
final class TreeDifferenceTest {
  private static final TreeSizes SIZES = new TreeSizes(1024, 64L << 20);

  @SuppressWarnings("ArrayRecordComponent") // compared one by one
  private record Change(byte @Nullable [] before, byte @Nullable [] after) {}

  @Property(tries = 60)
  void tellsWhatTwoMapsTell(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 3000) int entries,
      @ForAll @IntRange(min = 0, max = 4000) int changes)
      throws IOException {
    Random random = new Random(seed);
    StoredPages pages = new StoredPages();
    LoadingTree tree = new LoadingTree(BTree.create(pages, SIZES));
    for (int i = 0; i < entries; i++) {
      tree.put(Keys.inode(random.nextInt(5000)), Keys.value(i, random.nextInt(60)));
    }
    PageAddress before = tree.checkpoint(pages);
    int from = random.nextInt(5000);
    for (int i = 0; i < changes; i++) {
      byte[] key = Keys.inode(from + random.nextInt(1 + random.nextInt(5000)));
      if (random.nextInt(3) > 0) {
        tree.delete(key);
      } else {
        tree.put(key, Keys.value(seed + i, random.nextInt(60)));
      }
    }
    PageAddress after = tree.checkpoint(pages);

    NavigableMap<byte[], byte[]> old = new StoredTree(pages, before).entries();
    NavigableMap<byte[], byte[]> now = new StoredTree(pages, after).entries();
    byte[] low = Keys.inode(random.nextInt(2000));
    byte[] high = random.nextBoolean() ? null : Keys.inode(random.nextInt(10_000));
    NavigableMap<byte[], Change> expected = new TreeMap<>(Arrays::compareUnsigned);
    Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    keys.addAll(old.keySet());
    keys.addAll(now.keySet());
    for (byte[] key : keys) {
      if (Arrays.compareUnsigned(key, low) >= 0
          && (high == null || Arrays.compareUnsigned(key, high) < 0)
          && !Arrays.equals(old.get(key), now.get(key))) {
        expected.put(key, new Change(old.get(key), now.get(key)));
      }
    }
    NavigableMap<byte[], Change> found =
        differences(pages, before, after, low, high, 1 + random.nextInt(50));
    assertThat(found).hasSameSizeAs(expected);
    for (Map.Entry<byte[], Change> each : expected.entrySet()) {
      Change change = Objects.requireNonNull(found.get(each.getKey()));
      assertThat(change.before()).isEqualTo(each.getValue().before());
      assertThat(change.after()).isEqualTo(each.getValue().after());
    }
  }

  @Test
  void costsWhatDiffers() throws IOException {
    StoredPages pages = new StoredPages();
    LoadingTree tree = new LoadingTree(BTree.create(pages, SIZES));
    for (int i = 0; i < 50_000; i++) {
      tree.put(Keys.inode(i), Keys.value(i, 40));
    }
    PageAddress before = tree.checkpoint(pages);
    int all = pages.addresses().size();
    tree.put(Keys.inode(25_000), Keys.value(-1, 40));
    PageAddress after = tree.checkpoint(pages);
    int written = pages.addresses().size() - all;

    int reads = pages.reads();
    assertThat(differences(pages, before, after, new byte[0], null, 10)).hasSize(1);
    assertThat(pages.reads() - reads).isLessThanOrEqualTo(2 * written);
  }

  private static NavigableMap<byte[], Change> differences(
      StoredPages pages,
      PageAddress before,
      PageAddress after,
      byte[] from,
      byte @Nullable [] to,
      int each)
      throws IOException {
    NavigableMap<byte[], Change> found = new TreeMap<>(Arrays::compareUnsigned);
    BTree one = BTree.open(pages, before, SIZES);
    BTree other = BTree.open(pages, after, SIZES);
    TreeDifference difference = new TreeDifference(one, other, from, to);
    boolean done = false;
    while (!done) {
      int soFar = found.size();
      try {
        done =
            difference.advance(
                (key, old, now) -> {
                  assertThat(found.put(key, new Change(old, now))).as("told once").isNull();
                  return found.size() < soFar + each;
                });
      } catch (PageMissing e) {
        e.load();
      }
    }
    return found;
  }
}
