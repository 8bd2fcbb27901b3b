package io.strata.fs.locks;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What one owner holds of one file. Guarded by the table's lock. */
final class OwnedRanges {
  /** Pieces by their first byte: they do not overlap, and none could be joined with the next. */
  private final TreeMap<Long, Piece> pieces = new TreeMap<>();

  /** Through which open file it has locked last. */
  private long handle;

  /** What begins at its key. */
  private record Piece(long last, LockMode mode, int pid) {}

  /** Takes pieces in order; false to end. */
  @FunctionalInterface
  interface Visitor {
    boolean piece(ByteRange range, LockMode mode, int pid);
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  void forEach(Visitor visitor) {
    visit(pieces, visitor);
  }

  /** Hands out the pieces that overlap with a range, whole. */
  void forEachOver(ByteRange range, Visitor visitor) {
    Long from = pieces.floorKey(range.first());
    visit(
        pieces.subMap(from == null ? range.first() : from, true, range.last(), true),
        (piece, mode, pid) -> !piece.overlaps(range) || visitor.piece(piece, mode, pid));
  }

  private static void visit(NavigableMap<Long, Piece> pieces, Visitor visitor) {
    for (Map.Entry<Long, Piece> entry : pieces.entrySet()) {
      Piece piece = entry.getValue();
      if (!visitor.piece(new ByteRange(entry.getKey(), piece.last), piece.mode, piece.pid)) {
        return;
      }
    }
  }

  /** Whether giving up a range leaves one piece more than there is. */
  boolean splitBy(ByteRange range) {
    Map.Entry<Long, Piece> before = pieces.lowerEntry(range.first());
    return before != null && before.getValue().last > range.last();
  }

  /** Whether there is anything over a range. */
  boolean touches(ByteRange range) {
    Map.Entry<Long, Piece> at = pieces.floorEntry(range.last());
    return at != null && at.getValue().last >= range.first();
  }

  long handle() {
    return handle;
  }

  /** Makes a change of this owner's and returns how many pieces there are more. */
  int change(LockChange change) {
    int before = pieces.size();
    LockMode mode = change.mode();
    cut(change.range());
    if (mode != null) {
      join(change.range(), mode, change.pid());
      handle = change.handle();
    }
    return pieces.size() - before;
  }

  private void cut(ByteRange range) {
    Map.Entry<Long, Piece> before = pieces.lowerEntry(range.first());
    if (before != null && before.getValue().last >= range.first()) {
      Piece piece = before.getValue();
      pieces.put(before.getKey(), new Piece(range.first() - 1, piece.mode, piece.pid));
      keepEnd(piece, range);
    }
    NavigableMap<Long, Piece> inside = pieces.subMap(range.first(), true, range.last(), true);
    if (!inside.isEmpty()) {
      Piece piece = inside.lastEntry().getValue();
      inside.clear();
      keepEnd(piece, range);
    }
  }

  private void keepEnd(Piece piece, ByteRange range) {
    if (piece.last > range.last()) {
      pieces.put(range.last() + 1, piece);
    }
  }

  /** Puts a piece where there is none, and joins it with its neighbours. */
  private void join(ByteRange range, LockMode mode, int pid) {
    long first = range.first();
    long last = range.last();
    Map.Entry<Long, Piece> before = pieces.lowerEntry(first);
    if (before != null && before.getValue().last == first - 1 && before.getValue().mode == mode) {
      first = before.getKey();
    }
    Piece after = last == Long.MAX_VALUE ? null : pieces.get(last + 1);
    if (after != null && after.mode == mode) {
      pieces.remove(last + 1);
      last = after.last;
    }
    pieces.put(first, new Piece(last, mode, pid));
  }
}
