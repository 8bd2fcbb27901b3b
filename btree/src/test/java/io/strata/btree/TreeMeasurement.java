package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Prints rates and memory for a million entries of each kind; see the README for how to run it. A
 * quick look, not a benchmark: one thread, one run after one to warm up. By its name it is not
 * among the tests that every build runs.
 */
class TreeMeasurement {
  private static final int ENTRIES = 1_000_000;
  private static final int CHANGES = 100;

  private final int[] shuffled = new int[ENTRIES];

  TreeMeasurement() {
    Random random = new Random(1);
    for (int i = 0; i < ENTRIES; i++) {
      int other = random.nextInt(i + 1);
      shuffled[i] = shuffled[other];
      shuffled[other] = i;
    }
  }

  /** Something done for every entry. */
  @FunctionalInterface
  private interface Each {
    void run(int i) throws PageMissing;
  }

  /** This thread's time on a processor, so that a busy machine disturbs less. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double nanosEach(Each each) throws PageMissing {
    long start = cpuNanos();
    for (int i = 0; i < ENTRIES; i++) {
      each.run(i);
    }
    return (double) (cpuNanos() - start) / ENTRIES;
  }

  @Test
  void inodes() throws Exception {
    for (int pageBytes : new int[] {8 << 10, 8 << 10, 16 << 10, 32 << 10}) {
      measure("inode", pageBytes, Keys::inode, 110);
    }
  }

  @Test
  void dentries() throws Exception {
    for (int pageBytes : new int[] {8 << 10, 8 << 10, 16 << 10, 32 << 10}) {
      measure(
          "dentry",
          pageBytes,
          i -> Keys.dentry(i / 1000, "file-" + Integer.toHexString(i * 0x9e37_79b9)),
          9);
    }
  }

  private void measure(String kind, int pageBytes, IntFunction<byte[]> key, int valueBytes)
      throws IOException, PageMissing {
    byte[][] keys = new byte[ENTRIES][];
    for (int i = 0; i < ENTRIES; i++) {
      keys[i] = key.apply(i);
    }
    byte[] value = Keys.value(0, valueBytes);
    StoredPages pages = new StoredPages();
    BTree tree = BTree.create(pages, new TreeSizes(pageBytes, Long.MAX_VALUE));
    report(kind, pageBytes, "put, ascending", nanosEach(i -> tree.put(keys[i], value)), "ns");
    report(kind, pageBytes, "memory", (double) tree.residentBytes() / ENTRIES, "B/entry");
    report(kind, pageBytes, "get, ascending", nanosEach(i -> tree.get(keys[i])), "ns");
    report(kind, pageBytes, "get, random", nanosEach(i -> tree.get(keys[shuffled[i]])), "ns");
    report(kind, pageBytes, "scan", scanNanosEach(tree), "ns");
    long whole = checkpoint(kind, pageBytes, "whole tree", tree, pages);
    for (int i = 0; i < CHANGES; i++) {
      tree.put(keys[shuffled[i]], Keys.value(i, valueBytes));
    }
    long part = checkpoint(kind, pageBytes, CHANGES + " changes", tree, pages);
    report(kind, pageBytes, CHANGES + " changes of the whole", 100.0 * part / whole, "%");
    value[0]++;
    report(
        kind,
        pageBytes,
        "change, random",
        nanosEach(i -> tree.put(keys[shuffled[i]], value)),
        "ns");
    BTree random = BTree.create(pages, new TreeSizes(pageBytes, Long.MAX_VALUE));
    report(
        kind, pageBytes, "put, random", nanosEach(i -> random.put(keys[shuffled[i]], value)), "ns");
    report(kind, pageBytes, "memory", (double) random.residentBytes() / ENTRIES, "B/entry");
    report(
        kind, pageBytes, "delete, random", nanosEach(i -> random.delete(keys[shuffled[i]])), "ns");
  }

  private static double scanNanosEach(BTree tree) throws PageMissing {
    int[] seen = {0};
    long start = cpuNanos();
    tree.scan(
        new byte[0],
        null,
        (key, value) -> {
          seen[0]++;
          return true;
        });
    assertThat(seen[0]).isEqualTo(ENTRIES);
    return (double) (cpuNanos() - start) / ENTRIES;
  }

  private static long checkpoint(
      String kind, int pageBytes, String what, BTree tree, StoredPages pages) throws IOException {
    long start = cpuNanos();
    try (FrozenTree frozen = tree.freeze()) {
      frozen.write(pages);
      long written = cpuNanos();
      frozen.commit();
      long committed = cpuNanos();
      report(kind, pageBytes, what + ", encode", (written - start) / 1e6, "ms");
      report(kind, pageBytes, what + ", commit", (committed - written) / 1e6, "ms");
      report(kind, pageBytes, what + ", pages", frozen.pagesWritten(), "");
      return frozen.bytesWritten();
    }
  }

  private static void report(String kind, int pageBytes, String what, double value, String unit) {
    System.out.printf(
        Locale.ROOT, "%-6s %2d KiB  %-28s %12.2f %s%n", kind, pageBytes >> 10, what, value, unit);
  }
}
