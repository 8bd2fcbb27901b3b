package io.strata.fs.volume;

import io.strata.platform.Clock;
import java.time.Duration;

/**
 * When a follower looks for what is new, and whether what it shows is new enough.
 *
 * <p>A poll follows the one before after a tenth of the age that is allowed while things move, and
 * after ever longer, up to half of that age, while nothing does. When nobody has asked for a minute
 * it is five times that age: whoever asks then waits for a poll. Where the store does not answer
 * nobody waits: what there is is shown.
 *
 * <p>Safe for any thread.
 */
final class PollPace {
  private static final long UNASKED_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int SOON_DIVISOR = 10;
  private static final int QUIET_DIVISOR = 2;
  private static final int UNASKED_FACTOR = 5;

  private final Clock clock;
  private final Duration ageMax;
  private final Duration soon;
  private final Duration quiet;
  private Duration interval;

  /** When the last poll that succeeded began. */
  private volatile long seenNanos;

  private volatile long askedNanos;
  private volatile boolean storeAway;

  /**
   * A pace.
   *
   * @param ageMax how old may be what an operation finds
   * @param seenNanos since when what is shown is all there is
   */
  PollPace(Clock clock, Duration ageMax, long seenNanos) {
    this.clock = clock;
    this.ageMax = ageMax;
    this.soon = ageMax.dividedBy(SOON_DIVISOR);
    this.quiet = ageMax.dividedBy(QUIET_DIVISOR);
    this.interval = soon;
    this.seenNanos = seenNanos;
    this.askedNanos = clock.nanoTime();
  }

  Duration ageMax() {
    return ageMax;
  }

  /** How long ago what is shown was all there was. */
  Duration age() {
    return Duration.ofNanos(clock.nanoTime() - seenNanos);
  }

  /** An operation begins; whether it should wait for a poll. */
  boolean asked() {
    long now = clock.nanoTime();
    // Not every operation writes what all processors read.
    if (now - askedNanos > soon.toNanos()) {
      askedNanos = now;
    }
    return now - seenNanos > ageMax.toNanos() && !storeAway;
  }

  /** The store does not answer, or not in time: nobody waits for it until it does. */
  void storeAway() {
    storeAway = true;
  }

  /**
   * A poll succeeded.
   *
   * @param beganNanos when it began
   * @param moved whether it found something new
   */
  synchronized void polled(long beganNanos, boolean moved) {
    seenNanos = beganNanos;
    storeAway = false;
    Duration longer = interval.multipliedBy(2);
    interval = moved ? soon : longer.compareTo(quiet) < 0 ? longer : quiet;
  }

  /** How long after a poll the next one follows. */
  synchronized Duration next() {
    if (clock.nanoTime() - askedNanos >= UNASKED_NANOS) {
      return ageMax.multipliedBy(UNASKED_FACTOR);
    }
    return storeAway ? quiet : interval;
  }
}
