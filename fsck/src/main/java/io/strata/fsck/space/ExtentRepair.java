package io.strata.fsck.space;

import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.finding.TouchedFiles;
import io.strata.fsck.tree.Overlay;
import io.strata.store.Nonce;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Works out what makes the extents of each file disjoint and readable: what cannot be read becomes
 * a hole, and of two extents of the same place the one in the newer segment wins, in the same
 * segment the one that was written later.
 *
 * <p>Extents of a file come in the order of their offsets; what is kept in memory are those that
 * overlap the one that came last. Confined to a thread.
 */
public final class ExtentRepair {
  private final SegmentTable table;
  private final LostBytes lost;
  private final InlineBytes inline;
  private final Map<Nonce, Nonce> moved;
  private final Overlay fixes;
  private final TouchedFiles touched;

  /** Extents that may still be changed by those that come, by offset; disjoint. */
  private final NavigableMap<Long, Piece> open = new TreeMap<>();

  private long ino;
  private long bytes;
  private long end;
  private long totalBytes;

  /** An extent, and whether it is in the tree as it is. */
  private record Piece(Extent extent, boolean original) {}

  ExtentRepair(
      SegmentTable table,
      LostBytes lost,
      InlineBytes inline,
      Map<Nonce, Nonce> moved,
      Overlay fixes,
      TouchedFiles touched) {
    this.table = table;
    this.lost = lost;
    this.inline = inline;
    this.moved = Map.copyOf(moved);
    this.fixes = fixes;
    this.touched = touched;
  }

  /** Takes an extent of what is no file, and drops it. */
  public void drop(Mutation.ExtentPut put) {
    fixes.remove(put.key());
    Extent extent = put.extent();
    touched.add(
        put.ino().value(),
        "is no file: its bytes %d to %d are dropped".formatted(extent.fileOffset(), extent.end()));
  }

  /** Takes the next extent of a file. */
  public void take(Mutation.ExtentPut put) {
    ino = put.ino().value();
    Extent extent = put.extent();
    List<Extent> readable = readable(extent);
    if (readable.size() == 1 && readable.getFirst().equals(extent)) {
      add(new Piece(extent, true));
      return;
    }
    fixes.remove(put.key());
    long kept = 0;
    for (Extent part : readable) {
      kept += part.length();
      add(new Piece(part, false));
    }
    if (kept == extent.length()) {
      return; // its bytes were moved
    }
    touched.add(
        ino,
        "loses %d bytes between %d and %d, which cannot be read: a hole is there now"
            .formatted(extent.length() - kept, extent.fileOffset(), extent.end()));
  }

  /** The parts of an extent that can be read. */
  private List<Extent> readable(Extent extent) {
    List<Extent> parts = new ArrayList<>(1);
    long from = extent.logicalOffset();
    long stop = from + extent.length();
    if (inline.holds(extent.nonce(), from, stop)) {
      Nonce there = moved.getOrDefault(extent.nonce(), extent.nonce());
      parts.add(new Extent(extent.fileOffset(), extent.length(), there, from));
      return parts;
    }
    SegmentFacts facts = table.find(extent.nonce());
    long has = facts == null ? 0 : facts.logicalLength();
    long readableEnd = has < 0 ? stop : Math.min(stop, has);
    long at = from;
    for (Map.Entry<Long, Long> gap : lost.within(extent.nonce(), from, stop).entrySet()) {
      addPart(parts, extent, at, Math.min(gap.getKey(), readableEnd));
      at = Math.max(at, gap.getValue());
    }
    addPart(parts, extent, at, readableEnd);
    return parts;
  }

  private static void addPart(List<Extent> parts, Extent extent, long from, long to) {
    if (from < to) {
      long shift = extent.fileOffset() - extent.logicalOffset();
      parts.add(extent.part(from + shift, to + shift));
    }
  }

  private void add(Piece next) {
    Extent extent = next.extent();
    closeBefore(extent.fileOffset());
    long at = extent.fileOffset();
    boolean whole = true;
    List<Extent> wins = new ArrayList<>();
    for (Piece other : List.copyOf(open.values())) {
      Extent old = other.extent();
      if (old.end() <= at || old.fileOffset() >= extent.end()) {
        continue;
      }
      touched.add(
          ino,
          "has two extents for bytes %d to %d: that in segment %s stays"
              .formatted(
                  Math.max(at, old.fileOffset()),
                  Math.min(extent.end(), old.end()),
                  newer(extent, old) ? extent.nonce() : old.nonce()));
      if (newer(extent, old)) {
        cut(other, extent);
      } else {
        whole = false;
        if (at < old.fileOffset()) {
          wins.add(extent.part(at, old.fileOffset()));
        }
        at = Math.max(at, old.end());
      }
    }
    if (whole) {
      open.put(extent.fileOffset(), next);
      return;
    }
    if (next.original()) {
      fixes.remove(TreeKeys.extent(new Ino(ino), extent.fileOffset()));
    }
    if (at < extent.end()) {
      wins.add(extent.part(at, extent.end()));
    }
    wins.forEach(part -> open.put(part.fileOffset(), new Piece(part, false)));
  }

  /** Takes out of an extent what a newer one covers. */
  private void cut(Piece old, Extent by) {
    Extent extent = old.extent();
    open.remove(extent.fileOffset());
    if (old.original()) {
      fixes.remove(TreeKeys.extent(new Ino(ino), extent.fileOffset()));
    }
    if (extent.fileOffset() < by.fileOffset()) {
      Extent before = extent.part(extent.fileOffset(), by.fileOffset());
      open.put(before.fileOffset(), new Piece(before, false));
    }
    if (by.end() < extent.end()) {
      Extent behind = extent.part(by.end(), extent.end());
      open.put(behind.fileOffset(), new Piece(behind, false));
    }
  }

  private static boolean newer(Extent one, Extent other) {
    int order = one.nonce().compareTo(other.nonce());
    return order != 0 ? order > 0 : one.logicalOffset() > other.logicalOffset();
  }

  private void closeBefore(long offset) {
    while (!open.isEmpty() && open.firstEntry().getValue().extent().end() <= offset) {
      close(open.pollFirstEntry().getValue());
    }
  }

  private void close(Piece piece) {
    Extent extent = piece.extent();
    bytes += extent.length();
    end = Math.max(end, extent.end());
    table.of(extent.nonce()).addLiveKept(extent.length());
    if (!piece.original()) {
      fixes.put(new Mutation.ExtentPut(new Ino(ino), extent));
    }
  }

  /** Ends a file. */
  public Sum endInode() {
    closeBefore(Long.MAX_VALUE);
    Sum sum = new Sum(bytes, end);
    totalBytes += bytes;
    bytes = 0;
    end = 0;
    return sum;
  }

  /**
   * What extents of a file come to.
   *
   * @param bytes their lengths
   * @param end where the last one ends
   */
  public record Sum(long bytes, long end) {}

  /** Lengths of all extents that are kept. */
  public long totalBytes() {
    return totalBytes;
  }
}
