package io.strata.fsck;

/**
 * What to check.
 *
 * @param data whether to read and verify every block of every segment too, and what only older
 *     checkpoints need
 * @param findingsMax findings that are reported one by one, at least 1; more are counted
 * @param progress is told how far the check has come
 */
public record FsckOptions(boolean data, int findingsMax, Progress progress) {
  /** Everything but the data, telling nobody how far it is. */
  public static final FsckOptions DEFAULT = new FsckOptions(false, 1000, Progress.SILENT);

  public FsckOptions {
    if (findingsMax < 1) {
      throw new IllegalArgumentException("at least one finding is reported: " + findingsMax);
    }
  }

  /** The same, with or without the data. */
  public FsckOptions withData(boolean value) {
    return new FsckOptions(value, findingsMax, progress);
  }

  /** The same, telling another. */
  public FsckOptions withProgress(Progress value) {
    return new FsckOptions(data, findingsMax, value);
  }
}
