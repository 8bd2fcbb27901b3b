package io.strata.fuse.abi;

import java.lang.foreign.ValueLayout;

/**
 * How integers lie in messages: in the machine's byte order, and not always aligned where a guest
 * chose the buffers.
 */
final class Wire {
  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;

  private Wire() {}

  /** Rounds up to a multiple of 8, as the kernel lays out records of variable length. */
  static int align(int length) {
    return length + 7 & ~7;
  }
}
