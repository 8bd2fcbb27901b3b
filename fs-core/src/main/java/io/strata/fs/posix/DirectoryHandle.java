package io.strata.fs.posix;

import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import org.jspecify.annotations.Nullable;

/**
 * An open directory.
 *
 * @param ino the directory
 * @param cookies the places in it that were handed out
 * @param untold what its next sync is to tell; null if nothing was lost
 */
record DirectoryHandle(Ino ino, DirectoryCookies cookies, @Nullable UntoldLoss untold) {
  /** Fails if this handle is to be told of lost writes. */
  void tellLoss() throws FsException {
    if (untold != null) {
      untold.tell();
    }
  }
}
