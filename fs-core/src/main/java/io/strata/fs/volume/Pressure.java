package io.strata.fs.volume;

/**
 * How much of a volume's segments is garbage, and what that calls for. A few segments of it are
 * never worth a hurry, however little is live.
 *
 * @param garbageBytes what files do not refer to in segments that are not nearly full of what they do
 *     refer to
 * @param liveBytes what files refer to
 * @param segmentBytes how long a segment may be
 */
record Pressure(long garbageBytes, long liveBytes, long segmentBytes) {
  /** Of what is live, so many percent of garbage are too much to let compaction wait. */
  private static final int PRESSING_PERCENT = 25;

  /** So much is a reason as well: where there are many segments, not all garbage is seen. */
  private static final int PRESSING_SEGMENTS = 128;

  /** So many percent compaction does not master alone. */
  private static final int OVERWHELMING_PERCENT = 40;

  private static final int SEGMENTS_MIN = 4;

  /** The same with more garbage. */
  Pressure with(long moreGarbageBytes) {
    return new Pressure(garbageBytes + moreGarbageBytes, liveBytes, segmentBytes);
  }

  /** Whether compaction should go on although others are busy. */
  boolean isPressing() {
    return garbageBytes > Math.min(share(PRESSING_PERCENT), PRESSING_SEGMENTS * segmentBytes);
  }

  /** Whether others should wait for compaction. */
  boolean isOverwhelming() {
    return garbageBytes > share(OVERWHELMING_PERCENT);
  }

  /**
   * How much of what compaction gives back others may write again: all of it when this begins to be
   * overwhelming, and nothing when there is half as much garbage again.
   */
  long forOthers(long freeBytes) {
    double excess = (double) garbageBytes / share(OVERWHELMING_PERCENT) - 1;
    return (long) (freeBytes * Math.clamp(1 - 2 * excess, 0, 1));
  }

  private long share(int percent) {
    return Math.max(liveBytes * percent / 100, SEGMENTS_MIN * segmentBytes);
  }
}
