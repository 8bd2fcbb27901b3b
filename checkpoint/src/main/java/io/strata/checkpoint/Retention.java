package io.strata.checkpoint;

import io.strata.checkpoint.format.RetainedCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How long checkpoints are kept: the most recent ones, and the first of each hour for some time.
 *
 * <p>The first of an hour, not the last, because that choice never changes as more come. Clocks may
 * jump: what decides is the order of the numbers, and a clock gone wild keeps at most as many
 * checkpoints as there are hours in {@code hourlyFor}.
 *
 * @param recentMax how many of the most recent are kept whatever their age, at least 1
 * @param hourlyFor for how long one an hour is kept besides, 0 to 31 days
 * @param from heads before this number are let go, all but the last {@link #RECENT_MIN}: they pin
 *     too much space
 */
public record Retention(int recentMax, Duration hourlyFor, long from) {
  /** So many are kept whatever space they pin: followers and the undecided need a moment. */
  public static final int RECENT_MIN = 4;

  /** The last 16, and one an hour for a day. */
  public static final Retention DEFAULT = new Retention(16, Duration.ofHours(24));

  private static final long HOUR_SECONDS = 3600;

  public Retention {
    if (recentMax < 1) {
      throw new IllegalArgumentException("recentMax: " + recentMax);
    }
    if (hourlyFor.isNegative() || hourlyFor.compareTo(Duration.ofDays(31)) > 0) {
      throw new IllegalArgumentException("hourlyFor: " + hourlyFor);
    }
  }

  /** Lets nothing go for its space. */
  public Retention(int recentMax, Duration hourlyFor) {
    this(recentMax, hourlyFor, 0);
  }

  /** The same, but lets go what is before head {@code number}. */
  public Retention from(long number) {
    return new Retention(recentMax, hourlyFor, number);
  }

  /**
   * Which checkpoints are kept.
   *
   * @param all in ascending order of their numbers
   * @param now the present
   * @return a part of {@code all}, in the same order
   */
  public List<RetainedCheckpoint> keep(List<RetainedCheckpoint> all, Instant now) {
    int recentFrom = Math.max(0, all.size() - recentMax);
    Set<Long> hourly = firstsOfHours(all, now);
    List<RetainedCheckpoint> kept = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      RetainedCheckpoint checkpoint = all.get(i);
      boolean wanted = i >= recentFrom || hourly.contains(checkpoint.number());
      if (wanted && (checkpoint.number() >= from || i >= all.size() - RECENT_MIN)) {
        kept.add(checkpoint);
      }
    }
    return kept;
  }

  private Set<Long> firstsOfHours(List<RetainedCheckpoint> all, Instant now) {
    Instant oldest = now.minus(hourlyFor);
    Set<Long> hours = new HashSet<>();
    List<Long> firsts = new ArrayList<>();
    for (RetainedCheckpoint checkpoint : all) {
      long hour = Math.floorDiv(checkpoint.time().getEpochSecond(), HOUR_SECONDS);
      if (hours.add(hour) && checkpoint.time().isAfter(oldest)) {
        firsts.add(checkpoint.number());
      }
    }
    int most = (int) Math.min(firsts.size(), hourlyFor.toHours() + 1);
    return new HashSet<>(firsts.subList(firsts.size() - most, firsts.size()));
  }
}
