package io.strata.btree.format;

/**
 * Lengths from 0 to {@link #MAX} in one to three bytes: seven bits a byte, the lowest first, the
 * top bit set in all but the last, always in the fewest bytes.
 */
public final class Varint {
  /** The largest number, 2<sup>21</sup> - 1. */
  public static final int MAX = (1 << 21) - 1;

  private Varint() {}

  /** How many bytes {@code value} takes. */
  public static int size(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : 3;
  }

  /** Reads the number at {@code at}; it occupies {@link #size} of it bytes. Checks nothing. */
  public static int read(byte[] bytes, int at) {
    int first = bytes[at];
    if (first >= 0) {
      return first;
    }
    int second = bytes[at + 1];
    int low = (first & 0x7f) | ((second & 0x7f) << 7);
    return second >= 0 ? low : low | (bytes[at + 2] << 14);
  }

  /** Writes {@code value} at {@code at} and returns the index after it. */
  public static int write(byte[] bytes, int at, int value) {
    int next = at;
    int rest = value;
    while (rest >= 1 << 7) {
      bytes[next++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[next++] = (byte) rest;
    return next;
  }

  /** Reads a number that may be anything; -1 if it is cut off, too large or too long. */
  static int readChecked(byte[] bytes, int at) {
    int value = 0;
    for (int i = 0; i < 3 && at + i < bytes.length; i++) {
      int next = bytes[at + i];
      value |= (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return size(value) == i + 1 ? value : -1;
      }
    }
    return -1;
  }
}
