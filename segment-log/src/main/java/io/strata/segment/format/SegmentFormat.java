package io.strata.segment.format;

/** Sizes that the segment format fixes. */
public final class SegmentFormat {
  /** Logical bytes in every block but the last of a segment. */
  public static final int BLOCK_BYTES = 64 << 10;

  /** The most logical bytes that a segment can hold, so that offsets in it fit 32 bits. */
  public static final long LOGICAL_BYTES_MAX = 0xffff_ffffL;

  /** Length of the tail, the last part of the payload. */
  public static final int TAIL_BYTES = 32;

  /** Length of one entry of the block index. */
  public static final int INDEX_ENTRY_BYTES = 12;

  /** Length of one entry of the summary. */
  public static final int SUMMARY_ENTRY_BYTES = 24;

  private SegmentFormat() {}

  /** How many blocks hold {@code logicalLength} bytes. */
  public static int blocks(long logicalLength) {
    return Math.toIntExact((logicalLength + BLOCK_BYTES - 1) / BLOCK_BYTES);
  }

  /** The block that holds the logical byte at {@code logicalOffset}. */
  public static int blockAt(long logicalOffset) {
    return Math.toIntExact(logicalOffset / BLOCK_BYTES);
  }
}
