package io.strata.fs.volume;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slows those who write while compaction cannot follow them, so that what they overwrite does not
 * take more and more room. Stops nobody: a write waits no longer than it would take at {@link
 * #BYTES_PER_SECOND_MIN}, whatever becomes of compaction. Safe for any thread.
 */
final class WritePace {
  /** How fast one who makes one write after the other may go in any case. */
  static final long BYTES_PER_SECOND_MIN = 2L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition calm = lock.newCondition();
  private volatile boolean slowed;

  /** Says whether writes are to be slowed. */
  void slow(boolean writes) {
    lock.lock();
    try {
      slowed = writes;
      calm.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether whoever writes is to {@link #await} first. */
  boolean isSlowed() {
    return slowed;
  }

  /** Has a write of so many bytes wait while writes are slowed. */
  void await(long bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = bytes * TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND_MIN;
      while (slowed && left > 0) {
        left = calm.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
