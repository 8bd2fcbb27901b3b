package io.strata.checkpoint.format;

import java.time.Duration;

/**
 * One of the rules by which whoever owns a volume makes snapshots: of each span of time keep the
 * first.
 *
 * @param every the span, whole seconds, {@link #EVERY_MIN} to {@link #EVERY_MAX}
 * @param keep of how many spans, 1 to {@link #KEEP_MAX}
 */
public record KeepRule(Duration every, int keep) {
  /** The shortest span. */
  public static final Duration EVERY_MIN = Duration.ofMinutes(1);

  /** The longest span. */
  public static final Duration EVERY_MAX = Duration.ofDays(3660);

  /** The most spans of a rule. */
  public static final int KEEP_MAX = 500;

  /** The most rules of a volume. */
  public static final int COUNT_MAX = 16;

  public KeepRule {
    if (every.compareTo(EVERY_MIN) < 0
        || every.compareTo(EVERY_MAX) > 0
        || !every.equals(Duration.ofSeconds(every.toSeconds()))) {
      throw new IllegalArgumentException(
          "snapshots are a minute to ten years apart, in whole seconds: " + every);
    }
    if (keep < 1 || keep > KEEP_MAX) {
      throw new IllegalArgumentException(
          "a rule keeps 1 to %d snapshots, not %d".formatted(KEEP_MAX, keep));
    }
  }
}
