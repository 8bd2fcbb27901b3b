package io.strata.fsck;

import io.strata.fsck.scratch.Scratch;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to check, and with what.
 *
 * @param data whether to read and verify every block of every segment too, and what only older
 *     checkpoints need
 * @param findingsMax findings that are reported one by one, at least 1; more are counted
 * @param progress is told how far the check has come
 * @param scratchDirectory where tables go that outgrow {@code tableBytesMax}
 * @param tableBytesMax how much of them stays on the heap, in bytes
 * @param scrub how the data is read
 * @param at the state to check: a snapshot, the number of a head or a time; null for the present
 */
public record FsckOptions(
    boolean data,
    int findingsMax,
    Progress progress,
    Path scratchDirectory,
    long tableBytesMax,
    ScrubOptions scrub,
    @Nullable String at) {
  private static final long TABLE_BYTES_MAX = 256L << 20;

  /** Everything but the data, telling nobody how far it is, an eighth of the heap for tables. */
  public static final FsckOptions DEFAULT =
      new FsckOptions(
          false,
          1000,
          Progress.SILENT,
          Path.of(System.getProperty("java.io.tmpdir")),
          Math.min(TABLE_BYTES_MAX, Runtime.getRuntime().maxMemory() / 8),
          ScrubOptions.DEFAULT,
          null);

  public FsckOptions {
    if (findingsMax < 1 || tableBytesMax < 0) {
      throw new IllegalArgumentException(
          "at least one finding is reported and no negative number of bytes used: %d, %d"
              .formatted(findingsMax, tableBytesMax));
    }
  }

  /** The same, with or without the data. */
  public FsckOptions withData(boolean value) {
    return new FsckOptions(value, findingsMax, progress, scratchDirectory, tableBytesMax, scrub, at);
  }

  /** The same, reporting as many findings one by one. */
  public FsckOptions withFindingsMax(int value) {
    return new FsckOptions(data, value, progress, scratchDirectory, tableBytesMax, scrub, at);
  }

  /** The same, telling another. */
  public FsckOptions withProgress(Progress value) {
    return new FsckOptions(data, findingsMax, value, scratchDirectory, tableBytesMax, scrub, at);
  }

  /** The same with other room for tables. */
  public FsckOptions withTables(Path directory, long bytesMax) {
    return new FsckOptions(data, findingsMax, progress, directory, bytesMax, scrub, at);
  }

  /** The same, reading the data otherwise. */
  public FsckOptions withScrub(ScrubOptions value) {
    return new FsckOptions(data, findingsMax, progress, scratchDirectory, tableBytesMax, value, at);
  }

  /** The same, checking a state that is kept. */
  public FsckOptions withAt(@Nullable String value) {
    return new FsckOptions(
        data, findingsMax, progress, scratchDirectory, tableBytesMax, scrub, value);
  }

  /** Where tables go; to be closed. */
  public Scratch scratch() {
    return new Scratch(scratchDirectory, tableBytesMax);
  }
}
