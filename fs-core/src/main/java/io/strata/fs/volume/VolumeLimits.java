package io.strata.fs.volume;

/**
 * Bounds of an open volume, all in bytes.
 *
 * @param flushBytes a segment is sent when it holds this much
 * @param dirtyBytesMax file data in memory that the store does not have yet; writers wait beyond
 * @param cacheBytesMax file data kept in memory for reading
 * @param pageBytesMax tree pages kept in memory; snapshots that are looked at keep up to a quarter of
 *     that besides
 * @param dirtyPageBytesMax tree pages changed since the last checkpoint; operations that change
 *     metadata wait beyond
 * @param inlineBytesMax an fsync with up to this much new data is one log object
 * @param readAheadBytesMax file data that sequential readers have not come to yet: on its way, and in
 *     memory
 */
public record VolumeLimits(
    int flushBytes,
    long dirtyBytesMax,
    long cacheBytesMax,
    long pageBytesMax,
    long dirtyPageBytesMax,
    int inlineBytesMax,
    int readAheadBytesMax) {
  private static final int MIB = 1 << 20;

  /** Fit for a heap of 1 GiB. */
  public static final VolumeLimits DEFAULT =
      new VolumeLimits(
          16 * MIB, 192L * MIB, 256L * MIB, 192L * MIB, 96L * MIB, 256 << 10, 128 * MIB);

  public VolumeLimits {
    if (flushBytes < 64 << 10
        || dirtyBytesMax < flushBytes
        || cacheBytesMax < 0
        || pageBytesMax < MIB
        || dirtyPageBytesMax < MIB / 2
        || inlineBytesMax < 0
        || readAheadBytesMax < 0) {
      throw new IllegalArgumentException("a limit is too small");
    }
  }

  /**
   * How much log, as {@link io.strata.replay.ReplayLog#cutBytes} counts it, may follow a checkpoint:
   * recovery reads it while no file data waits in memory yet.
   */
  long logTailBytesMax() {
    return Math.min(dirtyBytesMax, 256L * MIB);
  }

  /** So much garbage is no reason to hurry, however little is live: four segments. */
  long garbageBytesMin() {
    return 4L * flushBytes;
  }

  /** The same with another amount of tree pages. */
  VolumeLimits withPageBytesMax(long bytes) {
    return new VolumeLimits(
        flushBytes,
        dirtyBytesMax,
        cacheBytesMax,
        bytes,
        dirtyPageBytesMax,
        inlineBytesMax,
        readAheadBytesMax);
  }

  /** Limits that share out a heap of {@code heapBytes}, which is at least 64 MiB. */
  public static VolumeLimits forHeap(long heapBytes) {
    long unit = Math.max(heapBytes, 64L * MIB) / 16;
    return new VolumeLimits(
        (int) Math.min(16L * MIB, unit),
        3 * unit,
        4 * unit,
        3 * unit,
        3 * unit / 2,
        256 << 10,
        (int) Math.min(128L * MIB, 2 * unit));
  }
}
