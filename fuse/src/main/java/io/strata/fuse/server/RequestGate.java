package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Through which requests go: while it is closed none is inside, and none gets in. Safe for any
 * thread; one at a time closes and opens it.
 */
final class RequestGate {
  private final AtomicLong inside = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();

  /** Complete when the gate is opened; null while it is open. */
  private volatile @Nullable CompletableFuture<Void> closed;

  /**
   * Goes in, if need be once it is open; {@link #leave} then.
   *
   * @throws FsException WouldBlock if it is closed and the request may not wait; EINTR
   */
  void enter(boolean mayWait) throws FsException {
    while (true) {
      CompletableFuture<Void> opening = closed;
      if (opening != null) {
        await(opening, mayWait);
        continue;
      }
      // Whoever closes it looks who is inside after that: one of us sees the other.
      inside.incrementAndGet();
      if (closed == null) {
        return;
      }
      leave();
    }
  }

  private static void await(CompletableFuture<Void> opening, boolean mayWait) throws FsException {
    if (!mayWait) {
      throw new WouldBlock();
    }
    try {
      opening.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted while the files are replaced", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a gate that opens does not fail", e);
    }
  }

  void leave() {
    if (inside.decrementAndGet() == 0 && closed != null) {
      lock.lock();
      try {
        empty.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Closes it and waits until nobody is inside. Unless that comes true in time it is open again.
   *
   * @return whether it is closed
   */
  boolean close(Duration atMost) throws InterruptedException {
    boolean none = false;
    lock.lock();
    try {
      closed = new CompletableFuture<>();
      long nanos = atMost.toNanos();
      while (inside.get() != 0 && nanos > 0) {
        nanos = empty.awaitNanos(nanos);
      }
      none = inside.get() == 0;
      return none;
    } finally {
      if (!none) {
        open();
      }
      lock.unlock();
    }
  }

  /** Opens it; does nothing if it is open. */
  void open() {
    lock.lock();
    try {
      CompletableFuture<Void> opening = closed;
      if (opening != null) {
        closed = null;
        opening.complete(null);
      }
    } finally {
      lock.unlock();
    }
  }
}
