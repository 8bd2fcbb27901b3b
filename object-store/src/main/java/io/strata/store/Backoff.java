package io.strata.store;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a request is sent again: doubling pauses with jitter, so that many who
 * failed together do not come back together.
 *
 * @param first the pause after the first failure, more than zero
 * @param most no pause is longer; at least {@code first}
 * @param deadline when to give up, counted from the first attempt; null for never
 */
public record Backoff(Duration first, Duration most, @Nullable Duration deadline) {
  /** For ever, with pauses from 50 ms to 5 s: for what must reach the store whatever happens. */
  public static final Backoff FOREVER = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  public Backoff {
    if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
      throw new IllegalArgumentException("no such backoff: " + first + " to " + most);
    }
    if (deadline != null && deadline.isNegative()) {
      throw new IllegalArgumentException("no such deadline: " + deadline);
    }
  }

  /** A backoff that never gives up. */
  public Backoff(Duration first, Duration most) {
    this(first, most, null);
  }

  /** The same pauses with a deadline. */
  public Backoff within(Duration deadline) {
    return new Backoff(first, most, deadline);
  }

  /**
   * The pause after the {@code failures}-th failure in a row, counted from 1: between a half of the
   * doubled pause and the whole of it.
   */
  public Duration pause(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(first.toNanos()) - 1);
    long whole = Math.min(first.toNanos() << doublings, most.toNanos());
    return Duration.ofNanos(whole - random.nextLong(whole / 2 + 1));
  }
}
