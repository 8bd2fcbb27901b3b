package io.strata.segment;

import io.strata.platform.Clock;
import io.strata.store.Nonce;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many appended bytes the store has not acknowledged, and who waits for that to become less.
 *
 * <p>Waiters go in the order in which they came. Whoever was let in has a promise of its bytes
 * until it appends, so that many who wake up together do not all take the same room. A promise that
 * nobody redeems lapses at the second acknowledgement after it or, with nothing dirty that could be
 * acknowledged, some milliseconds later: it delays others but never stops them. Who wants more than
 * the limit goes when nothing is dirty or promised.
 *
 * <p>Guarded by its own lock, the innermost one.
 */
final class DirtyBudget {
  private static final Duration LAPSE = Duration.ofMillis(10);

  private final long bytesMax;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Ticket> waiting = new ArrayDeque<>();
  private long dirty;
  private long promised;
  private long promisedBefore;
  private boolean lapsing;
  private @Nullable Nonce fencedBy;
  private boolean closed;

  DirtyBudget(long bytesMax, Clock clock) {
    this.bytesMax = bytesMax;
    this.clock = clock;
  }

  boolean tryAdmit(long bytes) {
    lock.lock();
    try {
      return fencedBy == null && !closed && waiting.isEmpty() && take(bytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for room.
   *
   * @param drain run once, without a lock, when this caller has to wait and {@link #hasWaiters}
   *     tells so
   */
  void admit(long bytes, Runnable drain) throws FencedException, InterruptedException {
    Ticket ticket = new Ticket();
    lock.lock();
    try {
      waiting.add(ticket);
      if (!mayGo(ticket, bytes)) {
        lock.unlock();
        try {
          drain.run();
        } finally {
          lock.lock();
        }
        while (!mayGo(ticket, bytes)) {
          awaitLapse();
          changed.await();
        }
      }
    } finally {
      waiting.remove(ticket);
      changed.signalAll();
      lock.unlock();
    }
  }

  boolean hasWaiters() {
    lock.lock();
    try {
      return !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  void appended(long bytes) {
    lock.lock();
    try {
      dirty += bytes;
      long before = Math.min(bytes, promisedBefore);
      promisedBefore -= before;
      promised -= Math.min(bytes - before, promised);
    } finally {
      lock.unlock();
    }
  }

  void acknowledged(long bytes) {
    lock.lock();
    try {
      dirty -= bytes;
      age();
    } finally {
      lock.unlock();
    }
  }

  /** Has promises lapse if nothing else will. */
  private void awaitLapse() {
    if (dirty == 0 && !lapsing) {
      lapsing = true;
      Clock.Timer _ = clock.schedule(LAPSE, this::lapse);
    }
  }

  private void lapse() {
    lock.lock();
    try {
      lapsing = false;
      if (dirty == 0) {
        age();
      }
    } finally {
      lock.unlock();
    }
  }

  private void age() {
    promisedBefore = promised;
    promised = 0;
    changed.signalAll();
  }

  /** Lets nobody in any more: the owner is fenced. */
  void fence(Nonce by) {
    lock.lock();
    try {
      fencedBy = by;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more: the log is closed. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long dirtyBytes() {
    lock.lock();
    try {
      return dirty;
    } finally {
      lock.unlock();
    }
  }

  private boolean mayGo(Ticket ticket, long bytes) throws FencedException {
    if (fencedBy != null) {
      throw new FencedException(fencedBy);
    }
    if (closed) {
      throw new IllegalStateException("the segment log is closed");
    }
    return waiting.peek() == ticket && take(bytes);
  }

  private boolean take(long bytes) {
    long taken = dirty + promised + promisedBefore;
    if (taken != 0 && taken + bytes > bytesMax) {
      return false;
    }
    promised += bytes;
    return true;
  }

  /** A place in the line. */
  private static final class Ticket {}
}
