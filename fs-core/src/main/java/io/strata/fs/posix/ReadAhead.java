package io.strata.fs.posix;

import org.jspecify.annotations.Nullable;

/**
 * Tells from how a handle is read what it will want next.
 *
 * <p>The second read that goes on where one before it ended starts reading ahead by {@link
 * #WINDOW_BYTES_MIN}; each time that half of it is used up the window grows fourfold, to {@link
 * #WINDOW_BYTES_MAX}: each step costs a round trip, and a store may be 50 ms away. Reads of a kernel's own read-ahead may come a little out of order. Guarded by
 * itself.
 */
final class ReadAhead {
  static final long WINDOW_BYTES_MIN = 512 << 10;

  private static final int GROWTH = 4;

  /**
   * Three segments: while one is read others are on their way. One more is loaded to its end; four
   * are what is kept of blocks that nobody has read yet.
   */
  static final long WINDOW_BYTES_MAX = 48 << 20;

  /** How far out of order a read may be and still be one in a sequence. */
  private static final long DISORDER_BYTES_MAX = 2 << 20;

  private long next = -1;
  private long window;
  private long aheadTo;

  /** A part of a file, from {@code from} up to {@code to}. */
  record Range(long from, long to) {}

  /** Notes a read and returns what to load now, if anything. */
  synchronized @Nullable Range afterRead(long offset, long length, long fileSize) {
    long end = offset + length;
    if (!goesOn(offset)) {
      next = end;
      window = 0;
      aheadTo = end;
      return null;
    }
    next = Math.max(next, end);
    long from = Math.max(aheadTo, next);
    if (from >= fileSize || from - next > window / 2) {
      return null;
    }
    window = Math.clamp(window * GROWTH, WINDOW_BYTES_MIN, WINDOW_BYTES_MAX);
    long to = Math.min(fileSize, next + window);
    if (to <= from) {
      return null;
    }
    aheadTo = to;
    return new Range(from, to);
  }

  /**
   * Whether a range that was returned should be extended to the end of its last extent, so that a
   * long file is loaded by whole segments.
   */
  synchronized boolean atFullWindow() {
    return window == WINDOW_BYTES_MAX;
  }

  /** Notes that more than the range that was returned has been loaded. */
  synchronized void reached(long to) {
    aheadTo = Math.max(aheadTo, to);
  }

  private boolean goesOn(long offset) {
    if (next < 0) {
      return false;
    }
    if (window == 0) {
      return offset == next;
    }
    return Math.abs(offset - next) <= DISORDER_BYTES_MAX;
  }
}
