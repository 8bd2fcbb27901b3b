package io.strata.platform;

import java.time.Duration;
import java.time.Instant;

/**
 * The only source of time.
 *
 * <p>Implementations are safe for use by any thread. Wall time may jump; monotonic time never goes
 * back. Nothing that keeps data safe may depend on wall time.
 */
public interface Clock {
  /** Wall-clock time, for timestamps that people read. */
  Instant now();

  /** Monotonic nanoseconds since an arbitrary origin. */
  long nanoTime();

  /** Blocks the calling thread for at least {@code time} of this clock. */
  void sleep(Duration time) throws InterruptedException;

  /**
   * Runs {@code task} once, after {@code delay} of this clock, on a thread that may block.
   *
   * @return a handle that prevents the run if it has not begun
   */
  Timer schedule(Duration delay, Runnable task);

  /** A scheduled task. */
  interface Timer {
    /** Prevents the task from running if it has not begun; idempotent. */
    void cancel();
  }
}
