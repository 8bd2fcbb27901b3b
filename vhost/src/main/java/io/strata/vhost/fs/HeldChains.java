package io.strata.vhost.fs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many chains a device holds. Safe for any thread. */
final class HeldChains {
  private final AtomicInteger count = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();

  void more() {
    count.incrementAndGet();
  }

  void less() {
    if (count.decrementAndGet() == 0) {
      lock.lock();
      try {
        none.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until there are none, and tells whether that came true in time. */
  boolean awaitNone(Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (count.get() > 0 && nanos > 0) {
        nanos = none.awaitNanos(nanos);
      }
      return count.get() == 0;
    } finally {
      lock.unlock();
    }
  }
}
