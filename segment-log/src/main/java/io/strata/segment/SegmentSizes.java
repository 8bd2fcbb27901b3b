package io.strata.segment;

import io.strata.segment.format.SegmentFormat;
import java.time.Duration;

/**
 * The limits of a segment log and of the reader beside it.
 *
 * @param segmentBytesMax the open segment is sealed when it holds at least so many logical bytes; 1
 *     to 1 GiB
 * @param summaryRunsMax it is sealed too when its summary has so many entries; at least 1
 * @param appendBytesMax the longest single append; 1 to 1 GiB
 * @param dirtyBytesMax appended bytes that the store has not acknowledged, above which writers
 *     wait; at least 1. Memory in use for them is at most twice that
 * @param uploadsMax segments on their way to the store at the same time; at least 1
 * @param refusedPause how long to wait before a segment that the store refused is sent again
 * @param cacheBytesMax decompressed blocks kept in memory; at least 0
 * @param prefetchBytesMax decompressed bytes of prefetched blocks: both on their way, and arrived
 *     and not read yet, are limited to this; at least 0
 */
public record SegmentSizes(
    long segmentBytesMax,
    int summaryRunsMax,
    long appendBytesMax,
    long dirtyBytesMax,
    int uploadsMax,
    Duration refusedPause,
    long cacheBytesMax,
    long prefetchBytesMax) {
  private static final long MIB = 1 << 20;

  /** What a daemon uses unless it is told otherwise. */
  public static final SegmentSizes DEFAULTS =
      new SegmentSizes(
          16 * MIB, 1 << 16, 64 * MIB, 256 * MIB, 8, Duration.ofSeconds(10), 128 * MIB, 64 * MIB);

  public SegmentSizes {
    require(segmentBytesMax >= 1 && segmentBytesMax <= 1024 * MIB, "segmentBytesMax");
    require(summaryRunsMax >= 1, "summaryRunsMax");
    require(appendBytesMax >= 1 && appendBytesMax <= 1024 * MIB, "appendBytesMax");
    require(dirtyBytesMax >= 1, "dirtyBytesMax");
    require(uploadsMax >= 1, "uploadsMax");
    require(!refusedPause.isNegative(), "refusedPause");
    require(cacheBytesMax >= 0, "cacheBytesMax");
    require(prefetchBytesMax >= 0, "prefetchBytesMax");
    require(segmentBytesMax + appendBytesMax <= SegmentFormat.LOGICAL_BYTES_MAX, "segmentBytesMax");
  }

  /** These limits with another flush size. */
  public SegmentSizes withSegmentBytesMax(long bytes) {
    return new SegmentSizes(
        bytes,
        summaryRunsMax,
        appendBytesMax,
        dirtyBytesMax,
        uploadsMax,
        refusedPause,
        cacheBytesMax,
        prefetchBytesMax);
  }

  /** These limits with another amount of dirty data. */
  public SegmentSizes withDirtyBytesMax(long bytes) {
    return new SegmentSizes(
        segmentBytesMax,
        summaryRunsMax,
        appendBytesMax,
        bytes,
        uploadsMax,
        refusedPause,
        cacheBytesMax,
        prefetchBytesMax);
  }

  /** These limits with other amounts of cached and prefetched blocks. */
  public SegmentSizes withCacheBytesMax(long cacheBytes, long prefetchBytes) {
    return new SegmentSizes(
        segmentBytesMax,
        summaryRunsMax,
        appendBytesMax,
        dirtyBytesMax,
        uploadsMax,
        refusedPause,
        cacheBytes,
        prefetchBytes);
  }

  private static void require(boolean holds, String name) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is out of range");
    }
  }
}
