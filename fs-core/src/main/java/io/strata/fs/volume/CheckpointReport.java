package io.strata.fs.volume;

/**
 * What the last checkpoint took.
 *
 * @param count checkpoints since the volume was opened
 * @param nanos how long the last one took
 * @param pages tree pages that it wrote
 * @param bytes their stored length
 */
record CheckpointReport(long count, long nanos, long pages, long bytes) {
  /** There was none. */
  static final CheckpointReport NONE = new CheckpointReport(0, 0, 0, 0);

  CheckpointReport next(long nanosTaken, long pagesWritten, long bytesWritten) {
    return new CheckpointReport(count + 1, nanosTaken, pagesWritten, bytesWritten);
  }
}
