package io.strata.fs.posix;

import io.strata.fs.OpenFlags;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import org.jspecify.annotations.Nullable;

/**
 * An open file.
 *
 * <p>Who may read and write was settled when it was opened. Reading a handle that was opened for
 * writing only is let pass: a kernel with a writeback cache does so to complete a page.
 *
 * @param ino the file
 * @param flags as opened ({@link OpenFlags})
 * @param readAhead how it has been read so far
 * @param untold what its next sync is to tell; null if nothing was lost
 */
record FileHandle(Ino ino, int flags, ReadAhead readAhead, @Nullable UntoldLoss untold) {
  /** Fails if this handle is to be told of lost writes. */
  void tellLoss() throws FsException {
    if (untold != null) {
      untold.tell();
    }
  }

  void requireWritable() throws FsException {
    if (!OpenFlags.writes(flags)) {
      throw new FsException(Errno.EBADF, "the handle was opened for reading only");
    }
  }

  /** Whether each write is to be durable before it returns. */
  boolean isSynchronous() {
    return (flags & OpenFlags.SYNC_DATA) != 0;
  }
}
