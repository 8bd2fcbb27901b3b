package io.strata.fs.volume;

import java.time.Duration;

/**
 * How an owner makes sure that it still is one (docs/takeover.md).
 *
 * @param term for how long an owner answers after it has last proved to itself that the volume is
 *     its own; 100 ms to 1 h
 * @param standby wait for the volume while somebody else owns it, and let others learn in time if
 *     this owner dies: it then puts something into its log every third of the term, idle or not
 */
public record LeaseOptions(Duration term, boolean standby) {
  private static final Duration TERM_MIN = Duration.ofMillis(100);
  private static final Duration TERM_MAX = Duration.ofHours(1);

  /** What a volume uses unless told otherwise. */
  public static final LeaseOptions DEFAULT = new LeaseOptions(Duration.ofSeconds(3), false);

  public LeaseOptions {
    if (term.compareTo(TERM_MIN) < 0 || term.compareTo(TERM_MAX) > 0) {
      throw new IllegalArgumentException("a lease term is 100ms to 1h, not " + term);
    }
    term = Duration.ofMillis(term.toMillis());
  }
}
