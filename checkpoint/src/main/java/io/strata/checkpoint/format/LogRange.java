package io.strata.checkpoint.format;

import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.util.OptionalLong;

/**
 * The log of an epoch that is over, and what of it a head still needs.
 *
 * <p>A range that {@link #isReplayed} needs no replay; it is remembered until its objects have been
 * deleted.
 *
 * @param epoch whose log
 * @param head the head that the epoch began with
 * @param from the first sequence to replay
 * @param end the verdict: the sequence that the log ends before; empty as long as nobody has read
 *     the log to its end and fenced it
 */
public record LogRange(Epoch epoch, HeadReference head, long from, OptionalLong end) {
  public LogRange {
    if (from < 0 || (end.isPresent() && end.getAsLong() < from)) {
      throw new IllegalArgumentException("no such range of a log: " + from + " to " + end);
    }
  }

  /** The first place to replay. */
  public LogPosition start() {
    return new LogPosition(epoch, from);
  }

  /** Whether nothing is left to replay. */
  public boolean isReplayed() {
    return end.isPresent() && end.getAsLong() == from;
  }

  /** The same log once everything before {@code verdict}, its end, is in the tree. */
  public LogRange replayedTo(long verdict) {
    return new LogRange(epoch, head, verdict, OptionalLong.of(verdict));
  }
}
