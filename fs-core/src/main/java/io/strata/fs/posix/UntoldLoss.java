package io.strata.fs.posix;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.Inheritance;
import io.strata.fs.schema.Ino;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A crash lost writes to an inode, and one of its handles is to hear of it: its next sync fails,
 * once. Safe for any thread.
 */
final class UntoldLoss {
  private final Inheritance inheritance;
  private final Ino ino;
  private final long handle;
  private final AtomicBoolean told = new AtomicBoolean();

  UntoldLoss(Inheritance inheritance, Ino ino, long handle) {
    this.inheritance = inheritance;
    this.ino = ino;
    this.handle = handle;
  }

  /** Ends the first sync, which has made durable what was written since. */
  void tell() throws FsException {
    if (told.compareAndSet(false, true)) {
      inheritance.told(ino, handle);
      throw new FsException(Errno.EIO, "a crash lost writes to inode " + ino);
    }
  }
}
