package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.schema.TreeKeys;
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
  interface Visitor<X extends Exception> {
    void visit(Entry entry) throws X;
  }

  /** Hands all entries of a range to {@code visitor}, without any lock. */
  static <X extends Exception> void visit(
      TreeAccess access, TreeKeys.Range range, Visitor<X> visitor) throws FsException, X {
    byte[] from = range.from();
    while (true) {
      List<Entry> slice = slice(access, from, range.toExclusive());
      for (Entry entry : slice) {
        visitor.visit(entry);
      }
      if (slice.size() < SLICE_ENTRIES) {
        return;
      }
      // No key is between this and the last one.
      byte[] last = slice.getLast().key();
      from = Arrays.copyOf(last, last.length + 1);
    }
  }

  private static List<Entry> slice(TreeAccess access, byte[] from, byte[] toExclusive)
      throws FsException {
    return access.read(
        Caller.ROOT,
        metadata -> {
          List<Entry> entries = new ArrayList<>();
          metadata.scan(
              from,
              toExclusive,
              (key, value) -> {
                entries.add(new Entry(key, value));
                return entries.size() < SLICE_ENTRIES;
              });
          return entries;
        });
  }
}
