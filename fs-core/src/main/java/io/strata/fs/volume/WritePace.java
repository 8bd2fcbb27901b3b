package io.strata.fs.volume;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slows those who write while compaction cannot follow them, so that what they overwrite does not
 * take more and more room. Stops nobody: a write waits a moment at most, whatever becomes of
 * compaction. Safe for any thread.
 */
final class WritePace {
  private static final long WAIT_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(100);

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

  /** Waits while writes are slowed, a tenth of a second at most. */
  void await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = WAIT_NANOS_MAX;
      while (slowed && left > 0) {
        left = calm.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
