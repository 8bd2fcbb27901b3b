package io.strata.fs.volume;

import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.PastState;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A snapshot that somebody has entered. Its use is counted under the lock of who has it. */
final class VisitedSnapshot {
  private final PastState state;
  private final SnapshotOpening opening;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable OpenSnapshot opened;
  private int uses;
  private long leftNanos;

  VisitedSnapshot(PastState state, SnapshotOpening opening) {
    this.state = state;
    this.opening = opening;
  }

  PastState state() {
    return state;
  }

  void enter() {
    uses++;
  }

  void leave(long nowNanos) {
    uses--;
    leftNanos = nowNanos;
  }

  boolean isUsed() {
    return uses > 0;
  }

  /** When it was used last, on the monotonic clock. */
  long leftNanos() {
    return leftNanos;
  }

  /** Its files; null if it has not been opened. */
  @Nullable FileSystem files() {
    OpenSnapshot there = opened;
    return there == null ? null : there.files();
  }

  /** Opens it, unless somebody else has just done so. EINTR if interrupted meanwhile. */
  FileSystem open() throws FsException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted", e);
    }
    try {
      OpenSnapshot there = opened;
      if (there == null) {
        there = opening.open(state);
        opened = there;
      }
      return there.files();
    } catch (IOException e) {
      throw TreeAccess.failure(e);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    OpenSnapshot there = opened;
    if (there != null) {
      there.close();
    }
  }
}
