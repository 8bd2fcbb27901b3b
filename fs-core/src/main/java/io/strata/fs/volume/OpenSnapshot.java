package io.strata.fs.volume;

import io.strata.fs.FileSystem;

/**
 * A snapshot that can be read.
 *
 * @param files in it
 * @param tasks that read ahead in it
 */
record OpenSnapshot(FileSystem files, BackgroundTasks tasks) {
  /** Ends what goes on in it; its memory goes with it. */
  void close() {
    tasks.cancel();
  }
}
