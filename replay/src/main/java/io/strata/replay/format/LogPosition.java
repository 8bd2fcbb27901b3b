package io.strata.replay.format;

import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;

/**
 * A place in the replay log: the name of one log object.
 *
 * @param epoch whose log
 * @param sequence how many entries of that log come before, at least 0
 */
public record LogPosition(Epoch epoch, long sequence) implements Comparable<LogPosition> {
  public LogPosition {
    if (sequence < 0) {
      throw new IllegalArgumentException("no such log position: " + sequence);
    }
  }

  /** The beginning of an epoch's log. */
  public static LogPosition start(Epoch epoch) {
    return new LogPosition(epoch, 0);
  }

  /** The place after this one in the same log. */
  public LogPosition next() {
    return new LogPosition(epoch, sequence + 1);
  }

  /** The place before this one in the same log, which must not be its first. */
  public LogPosition previous() {
    return new LogPosition(epoch, sequence - 1);
  }

  /** The key of the log object here. */
  public ObjectKey key() {
    return ObjectNames.log(epoch, sequence);
  }

  @Override
  public int compareTo(LogPosition other) {
    int byEpoch = epoch.compareTo(other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
  }

  /** Epoch and sequence, as in object names without the leading zeros of the sequence. */
  @Override
  public String toString() {
    return epoch + "/" + Long.toHexString(sequence);
  }
}
