package io.strata.replay;

import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.StoreException;

/** Where the reading of a log stopped, and why. */
public sealed interface LogEnd {
  /** The place of the first entry that was not taken. */
  LogPosition position();

  /**
   * Nothing is there; as long as no fence is, an entry may still come.
   *
   * @param position the place
   */
  record Open(LogPosition position) implements LogEnd {}

  /**
   * The log ends for good.
   *
   * @param fence what ends it
   */
  record Fenced(LogEntry.Fence fence) implements LogEnd {
    @Override
    public LogPosition position() {
      return fence.position();
    }
  }

  /**
   * What is there is not what was written there.
   *
   * @param position the place
   * @param cause the object, what was expected, and what was found
   */
  record Damaged(LogPosition position, StoreException.Corrupt cause) implements LogEnd {}

  /**
   * The reader wanted no more, or the end that it asked for is reached.
   *
   * @param position the place of the entry that was refused, or the end that was asked for
   */
  record Stopped(LogPosition position) implements LogEnd {}
}
