package io.strata.store.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which a store answers nothing.
 *
 * @param since when it had answered last, or was first asked after that
 * @param sinceNanos the same as {@code Clock.nanoTime}
 * @param error what came of the latest request that failed, or which request stands still
 */
public record Outage(Instant since, long sinceNanos, String error) {
  /** How long it has lasted at a moment of the same clock. */
  public Duration lastedAt(long nanoTime) {
    return Duration.ofNanos(nanoTime - sinceNanos);
  }

  Outage with(String latestError) {
    return new Outage(since, sinceNanos, latestError);
  }
}
