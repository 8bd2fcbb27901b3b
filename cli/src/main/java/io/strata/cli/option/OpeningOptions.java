package io.strata.cli.option;

import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.VolumeLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Gives a command the options that say how a volume is opened to be written. */
public final class OpeningOptions {
  @Option(
      names = "--take-over",
      description =
          "Take the volume from an owner who may be alive. It is safe: the old owner is shut "
              + "out and loses only what it has not synced.")
  private boolean takeOver;

  @Option(
      names = "--single-writer",
      description =
          "Accept a store that ignores If-None-Match. Two daemons on one volume then destroy "
              + "it: you promise that there will never be two.")
  private boolean singleWriter;

  @Option(
      names = "--flush-time",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Send a change to the store after so long without an fsync (default 5s).")
  private @Nullable Duration flushTime;

  @Option(
      names = "--flush-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Send file data to the store when there is so much of it (default 16MiB).")
  private @Nullable Long flushSize;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Write the tree down so long after a first change (default 10s).")
  private @Nullable Duration checkpointInterval;

  @Option(
      names = "--dirty-max",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Let writers wait when so much file data is not in the store yet (default: 3/16 of "
              + "the heap).")
  private @Nullable Long dirtyMax;

  @Option(
      names = "--cache-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Keep so much file data in memory for reading (default: 1/4 of the heap).")
  private @Nullable Long cacheSize;

  @Option(
      names = "--page-cache-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Keep so much of the tree in memory (default: 3/16 of the heap).")
  private @Nullable Long pageCacheSize;

  /** Whether {@code --single-writer} was given. */
  public boolean singleWriter() {
    return singleWriter;
  }

  /**
   * All of it.
   *
   * @param heapBytes how much memory there is to share out
   * @throws IllegalArgumentException if a limit makes no sense
   */
  public OpenOptions toOptions(boolean readOnly, long heapBytes) {
    OpenOptions standard = OpenOptions.DEFAULT;
    return new OpenOptions(
        readOnly,
        takeOver,
        singleWriter,
        flushTime == null ? standard.flushTime() : flushTime,
        checkpointInterval == null ? standard.checkpointInterval() : checkpointInterval,
        limits(VolumeLimits.forHeap(heapBytes)));
  }

  private VolumeLimits limits(VolumeLimits standard) {
    int flushBytes = flushSize == null ? standard.flushBytes() : flushBytes(flushSize);
    return new VolumeLimits(
        flushBytes,
        dirtyMax == null ? Math.max(standard.dirtyBytesMax(), flushBytes) : dirtyMax,
        cacheSize == null ? standard.cacheBytesMax() : cacheSize,
        pageCacheSize == null ? standard.pageBytesMax() : pageCacheSize,
        pageCacheSize == null ? standard.dirtyPageBytesMax() : pageCacheSize / 2,
        standard.inlineBytesMax(),
        standard.readAheadBytesMax());
  }

  private static int flushBytes(long size) {
    if (size > 1 << 30) {
      throw new IllegalArgumentException("--flush-size is at most 1GiB, not " + size);
    }
    return (int) size;
  }
}
