package io.strata.fsck.space;

import io.strata.platform.Clock;
import io.strata.store.StoreException;
import java.time.Duration;

/** Holds readers back to so many bytes a second, all of them together. Safe for any thread. */
final class Throttle {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Clock clock;
  private final long bytesPerSecond;
  private long nextNanos;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  Throttle(Clock clock, long bytesPerSecond) {
    this.clock = clock;
    this.bytesPerSecond = bytesPerSecond;
    this.nextNanos = clock.nanoTime();
  }

  /** Waits until these bytes may be read. */
  void take(long bytes) throws StoreException {
    if (bytesPerSecond == 0) {
      return;
    }
    try {
      clock.sleep(Duration.ofNanos(reserve(bytes)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted while reading slowly", e);
    }
  }

  private synchronized long reserve(long bytes) {
    long now = clock.nanoTime();
    long start = Math.max(now, nextNanos);
    nextNanos = start + Math.round((double) bytes * SECOND_NANOS / bytesPerSecond);
    return start - now;
  }
}
