package io.strata.replay;

/**
 * How far apart entries are cut while others are under way: by a part of a round trip, so that those
 * who sync share a few entries that are spread over it. Cut as they come, the first few would take
 * all places with one group each, and all others would wait a whole round trip for the next place.
 *
 * <p>Not safe for use by several threads at once.
 */
final class CutPace {
  /** Who waits for the next entry waits for so little of a round trip at most. */
  private static final int PARTS = 4;

  /** Nearer than that a timer is of no use. */
  private static final long APART_NANOS_MIN = 1_000_000;

  /** However slow the store seems: that may have been an outage. */
  private static final long APART_NANOS_MAX = 25_000_000;

  /** A new round trip counts for one part in so many. */
  private static final int SMOOTHING = 8;

  private long tripNanos;
  private long lastCutNanos;

  /** The store has answered an entry's put. */
  void answered(long tookNanos) {
    tripNanos = tripNanos == 0 ? tookNanos : tripNanos + (tookNanos - tripNanos) / SMOOTHING;
  }

  /** An entry was cut. */
  void cut(long nowNanos) {
    lastCutNanos = nowNanos;
  }

  /** How long not to cut the next yet if others are under way; 0 if it may be cut now. */
  long waitNanos(long nowNanos) {
    long apart = Math.min(tripNanos / PARTS, APART_NANOS_MAX);
    return apart < APART_NANOS_MIN ? 0 : Math.max(0, lastCutNanos + apart - nowNanos);
  }
}
