package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.fs.schema.TreeKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Goes through a range of the tree in slices, so that nobody waits long for the lock. What changes
 * meanwhile is seen or not.
 */
final class TreeEntries {
  private static final int SLICE_ENTRIES = 1000;

  private TreeEntries() {}

  /** Takes an entry. */
  @FunctionalInterface
  interface Visitor {
    void visit(Entry entry) throws IOException;
  }

  /** Takes consecutive entries. */
  @FunctionalInterface
  interface SliceVisitor {
    /** Returns whether to go on. */
    boolean visit(List<Entry> slice) throws IOException;
  }

  /** Hands all entries of a range to {@code visitor}, without any lock. */
  static void visit(TreeAccess access, TreeKeys.Range range, Visitor visitor) throws IOException {
    visitSlices(
        access,
        range,
        SLICE_ENTRIES,
        slice -> {
          for (Entry entry : slice) {
            visitor.visit(entry);
          }
          return true;
        });
  }

  /** Whether there is anything in a range. */
  static boolean any(TreeAccess access, TreeKeys.Range range) throws IOException {
    return !slice(access, range.from(), range.toExclusive(), 1).isEmpty();
  }

  /**
   * Hands the entries of a range to {@code visitor}, many at a time, without any lock.
   *
   * @param sliceMax how many, and for how many the lock is held
   */
  static void visitSlices(
      TreeAccess access, TreeKeys.Range range, int sliceMax, SliceVisitor visitor)
      throws IOException {
    byte[] from = range.from();
    while (true) {
      List<Entry> slice = slice(access, from, range.toExclusive(), sliceMax);
      if (!visitor.visit(slice) || slice.size() < sliceMax) {
        return;
      }
      // No key is between this and the last one.
      byte[] last = slice.getLast().key();
      from = Arrays.copyOf(last, last.length + 1);
    }
  }

  private static List<Entry> slice(
      TreeAccess access, byte[] from, byte[] toExclusive, int sliceMax) throws IOException {
    return access.shared(
        () -> {
          List<Entry> entries = new ArrayList<>();
          access
              .view()
              .scan(
                  from,
                  toExclusive,
                  (key, value) -> {
                    entries.add(new Entry(key, value));
                    return entries.size() < sliceMax;
                  });
          return entries;
        });
  }
}
