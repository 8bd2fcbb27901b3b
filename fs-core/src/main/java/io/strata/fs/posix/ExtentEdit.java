package io.strata.fs.posix;

import io.strata.fs.FsException;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Mutation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one file's extents, as part of a group: one range is cleared, then new extents are put
 * into it from left to right. Extents that reach over an edge of the range are cut there. Confined
 * to one run of an operation.
 */
final class ExtentEdit {
  /**
   * Extents that one group removes at most, whatever its range, so that a group stays small however
   * fragmented a file is. An operation that has more to remove takes several groups.
   */
  static final int REMOVED_MAX = 512;

  private final Tree tree;
  private final Ino ino;

  /** What to put under a file offset; null to delete what is there. */
  private final Map<Long, @Nullable Extent> changes = new TreeMap<>();

  private @Nullable Extent left;
  private long allocatedMore;

  ExtentEdit(Tree tree, Ino ino) {
    this.tree = tree;
    this.ino = ino;
  }

  /**
   * Makes a hole.
   *
   * @return where it ends: {@code to}, or earlier if there were too many extents
   */
  long clear(long from, long to) throws PageMissing, FsException {
    Extent before = tree.extentBefore(ino, from);
    if (before != null && before.end() >= from) {
      left = before;
      if (before.end() > from) {
        left = before.part(before.fileOffset(), from);
        removeUpTo(before, to);
        put(left);
      }
    }
    List<Extent> extents = tree.extentsFrom(ino, from, to, REMOVED_MAX + 1);
    long end = to;
    if (extents.size() > REMOVED_MAX) {
      end = extents.removeLast().fileOffset();
    }
    for (Extent extent : extents) {
      removeUpTo(extent, to);
    }
    return end;
  }

  /**
   * Removes extents from the last one backwards, as far as {@code to}.
   *
   * @return how far it came: {@code to}, or later if there were too many extents
   */
  long clearBackwards(long to) throws PageMissing, FsException {
    long end = Long.MAX_VALUE;
    for (int count = 0; count < REMOVED_MAX; count++) {
      Extent last = tree.extentBefore(ino, end);
      if (last == null || last.end() <= to) {
        return to;
      }
      remove(last);
      if (last.fileOffset() < to) {
        put(last.part(last.fileOffset(), to));
        return to;
      }
      end = last.fileOffset();
    }
    return end;
  }

  /** Puts an extent into the hole, joining it to the one on its left if it goes on there. */
  void add(Extent extent) {
    if (left != null && left.joins(extent)) {
      allocatedMore -= left.length();
      left = left.join(extent);
    } else {
      left = extent;
    }
    put(left);
  }

  /** By how many bytes the file's extents have grown. */
  long allocatedMore() {
    return allocatedMore;
  }

  /** Hands the changes over. */
  void addTo(Edit edit) {
    changes.forEach(
        (offset, extent) ->
            edit.add(
                extent == null
                    ? new Mutation.ExtentDelete(ino, offset)
                    : new Mutation.ExtentPut(ino, extent)));
  }

  private void put(Extent extent) {
    changes.put(extent.fileOffset(), extent);
    allocatedMore += extent.length();
  }

  private void removeUpTo(Extent extent, long to) {
    remove(extent);
    if (extent.end() > to) {
      put(extent.part(to, extent.end()));
    }
  }

  private void remove(Extent extent) {
    changes.put(extent.fileOffset(), null);
    allocatedMore -= extent.length();
  }
}
