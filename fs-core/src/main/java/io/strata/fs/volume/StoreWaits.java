package io.strata.fs.volume;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.platform.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The operations that wait for the store at this moment, and how long each may.
 *
 * <p>One that has waited too long is interrupted and fails with EIO. That changes nothing for what
 * it waited for: a page or a block still comes, data stays dirty and goes out when the store takes
 * it. Safe for any thread.
 */
final class StoreWaits {
  private final Clock clock;
  private final @Nullable Duration timeout;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

  /** Waits for at most {@code timeout}; null for as long as it takes. */
  StoreWaits(Clock clock, @Nullable Duration timeout) {
    this.clock = clock;
    this.timeout = timeout;
  }

  /** Something that waits for the store and, if its thread is interrupted, fails with EINTR. */
  @FunctionalInterface
  interface Wait<X extends Exception> {
    void run() throws FsException, X;
  }

  /**
   * Waits on the calling thread.
   *
   * @throws FsException as {@code wait}, but EIO if it took too long
   */
  <X extends Exception> void await(Wait<X> wait) throws FsException, X {
    Waiter waiter = new Waiter(Thread.currentThread(), clock.nanoTime());
    waiters.add(waiter);
    Clock.Timer alarm = timeout == null ? null : clock.schedule(timeout, waiter::giveUp);
    try {
      wait.run();
    } catch (FsException e) {
      if (e.errno() == Errno.EINTR && waiter.gaveUp()) {
        throw new FsException(Errno.EIO, "the store has not answered for " + timeout);
      }
      throw e;
    } finally {
      if (alarm != null) {
        alarm.cancel();
      }
      waiter.end();
      waiters.remove(waiter);
    }
  }

  /** How many wait. */
  int count() {
    return waiters.size();
  }

  /** How long the one that has waited longest has; zero if none does. */
  Duration longest() {
    long now = clock.nanoTime();
    long longest = 0;
    for (Waiter waiter : waiters) {
      longest = Math.max(longest, now - waiter.beganNanos);
    }
    return Duration.ofNanos(longest);
  }

  /** A thread that waits; guarded by its monitor. */
  private static final class Waiter {
    private final Thread thread;
    private final long beganNanos;
    private boolean gaveUp;
    private boolean ended;

    Waiter(Thread thread, long beganNanos) {
      this.thread = thread;
      this.beganNanos = beganNanos;
    }

    synchronized void giveUp() {
      if (!ended) {
        gaveUp = true;
        thread.interrupt();
      }
    }

    synchronized boolean gaveUp() {
      return gaveUp;
    }

    /** The interrupt was for this wait, and must not end the thread's next. */
    synchronized void end() {
      ended = true;
      if (gaveUp) {
        Thread.interrupted();
      }
    }
  }
}
