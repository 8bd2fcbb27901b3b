package io.strata.fs.posix;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.Inheritance;
import io.strata.fs.schema.Ino;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A crash may have lost writes to an inode, and one of its handles is to hear of it: if it has, the
 * next sync fails, once. Safe for any thread.
 */
final class UntoldLoss {
  private final Inheritance inheritance;
  private final Ino ino;
  private final long handle;
  private final BooleanSupplier lost;
  private final AtomicBoolean settled = new AtomicBoolean();

  UntoldLoss(Inheritance inheritance, Ino ino, long handle, BooleanSupplier lost) {
    this.inheritance = inheritance;
    this.ino = ino;
    this.handle = handle;
    this.lost = lost;
  }

  /** Ends the first sync, which has made durable what was written since. */
  void tell() throws FsException {
    if (settled.compareAndSet(false, true) && lost.getAsBoolean()) {
      inheritance.told(ino, handle);
      throw new FsException(Errno.EIO, "a crash lost writes to inode " + ino);
    }
  }
}
