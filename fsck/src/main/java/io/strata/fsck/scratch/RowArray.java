package io.strata.fsck.scratch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A fixed number of rows of fixed length, zero at first. */
final class RowArray {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final Scratch scratch;
  private final MemorySegment bytes;
  private final int rowBytes;
  private final long count;

  RowArray(Scratch scratch, int rowBytes, long count) {
    this.scratch = scratch;
    this.rowBytes = rowBytes;
    this.count = count;
    this.bytes = scratch.take(Math.multiplyExact(count, rowBytes));
  }

  long count() {
    return count;
  }

  long getLong(long row, int at) {
    return bytes.get(LONG, row * rowBytes + at);
  }

  void putLong(long row, int at, long value) {
    bytes.set(LONG, row * rowBytes + at, value);
  }

  int getInt(long row, int at) {
    return bytes.get(INT, row * rowBytes + at);
  }

  void putInt(long row, int at, int value) {
    bytes.set(INT, row * rowBytes + at, value);
  }

  /** Copies a row of another array of as long rows. */
  void copy(RowArray from, long fromRow, long row) {
    MemorySegment.copy(from.bytes, fromRow * rowBytes, bytes, row * rowBytes, rowBytes);
  }

  /** Copies as many rows from the start of another array of as long rows. */
  void copyStart(RowArray from, long rows) {
    MemorySegment.copy(from.bytes, 0, bytes, 0, rows * rowBytes);
  }

  void release() {
    scratch.release(bytes);
  }

  /** Sorts the rows by the signed number at their start; rows are numbers alone. */
  void sort() {
    for (long i = count / 2 - 1; i >= 0; i--) {
      sift(i, count);
    }
    for (long end = count - 1; end > 0; end--) {
      long largest = getLong(0, 0);
      putLong(0, 0, getLong(end, 0));
      putLong(end, 0, largest);
      sift(0, end);
    }
  }

  private void sift(long start, long end) {
    long value = getLong(start, 0);
    long at = start;
    for (long child = 2 * at + 1; child < end; child = 2 * at + 1) {
      if (child + 1 < end && getLong(child + 1, 0) > getLong(child, 0)) {
        child++;
      }
      if (getLong(child, 0) <= value) {
        break;
      }
      putLong(at, 0, getLong(child, 0));
      at = child;
    }
    putLong(at, 0, value);
  }
}
