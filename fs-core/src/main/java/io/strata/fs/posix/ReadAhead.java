package io.strata.fs.posix;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells from how a handle is read what it will want next.
 *
 * <p>A read that goes on where one before it ended starts reading ahead by {@link #WINDOW_BYTES_MIN},
 * and so does a long one at the beginning of a file; each time that half of it is used up the window
 * grows eightfold, to {@link #WINDOW_BYTES_MAX}: each step costs a round trip, and a store may be 50 ms
 * away. Reads of a kernel's own read-ahead may come a little out of order, and the same read may come
 * twice. Guarded by itself.
 */
final class ReadAhead {
  static final long WINDOW_BYTES_MIN = 512 << 10;

  private static final int GROWTH = 8;

  /** Requests of the reader's own length that a window holds at least. */
  private static final int REQUESTS_MIN = 4;

  /**
   * Six segments: while one is read others are on their way, about as many as a volume sends at a time
   * when it is written. One more is loaded to its end; eight are what is kept of blocks that nobody has
   * read yet.
   */
  static final long WINDOW_BYTES_MAX = 96 << 20;

  /** How much more is loaded to have the last extent whole: a segment of the usual size. */
  static final long EXTENT_BYTES_MAX = 16 << 20;

  /** Whoever begins with a read of this length hardly wants a look at a file's first bytes. */
  private static final long LONG_READ_BYTES = 128 << 10;

  /** How far out of order a read may be and still be one in a sequence. */
  private static final long DISORDER_BYTES_MAX = 2 << 20;

  private long next = -1;
  private long window;
  private long aheadTo;

  /** A part of a file, from {@code from} up to {@code to}. */
  record Range(long from, long to) {}

  /**
   * Notes a read that is about to begin and returns what to load, if anything: from where it begins
   * on if that is not loaded yet, so that it and what follows are one request.
   *
   * @param room how much may be loaded now, in bytes
   */
  synchronized @Nullable Range beforeRead(
      long offset, long length, long fileSize, LongSupplier room) {
    long end = offset + length;
    if (!goesOn(offset, length)) {
      next = end;
      window = 0;
      aheadTo = offset;
      return null;
    }
    next = Math.max(next, end);
    aheadTo = Math.max(aheadTo, offset);
    if (next >= fileSize || aheadTo - next > window / 2) {
      return null;
    }
    long atLeast = Math.clamp(length * REQUESTS_MIN, WINDOW_BYTES_MIN, WINDOW_BYTES_MAX);
    long wanted = Math.clamp(window * GROWTH, atLeast, WINDOW_BYTES_MAX);
    long from = aheadTo;
    long to = Math.min(fileSize, Math.min(next + wanted, from + room.getAsLong()));
    if (to <= Math.max(from, next)) {
      return null;
    }
    window = wanted;
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

  private boolean goesOn(long offset, long length) {
    if (next < 0) {
      return offset == 0 && length >= LONG_READ_BYTES;
    }
    if (window == 0) {
      return offset == next;
    }
    return Math.abs(offset - next) <= DISORDER_BYTES_MAX;
  }
}
