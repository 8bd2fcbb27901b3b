package io.strata.fs.view;

import io.strata.fs.FileSystem;
import io.strata.fs.PastState;
import io.strata.fs.PastStates;
import io.strata.fs.schema.Ino;

/** A handle that somebody has of something below {@code .snapshots}, or of that. */
sealed interface PastHandle {
  /** The inode that is open, by the number that its kernel knows. */
  Ino number();

  /** The directory of the snapshots. */
  record OfDirectory(Ino number) implements PastHandle {}

  /**
   * A file or directory of a snapshot, which is open as long as the handle is.
   *
   * @param files in which the handle has the same number
   */
  record OfFile(Ino number, PastState state, PastStates.Visit visit, FileSystem files)
      implements PastHandle {}
}
