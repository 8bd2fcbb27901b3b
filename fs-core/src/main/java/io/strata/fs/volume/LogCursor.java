package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.StoredHead;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far the logs of a volume have been read. Immutable.
 *
 * @param position the next entry
 * @param head the head that the entry's epoch began with
 * @param end the sequence that the epoch's log ends before, if that is known
 * @param nextGroup the number of that entry's first group; negative if any will do
 * @param groupsTaken how many of that entry's groups have been applied: some, if reading failed in
 *     the middle of it
 */
record LogCursor(
    LogPosition position,
    HeadReference head,
    OptionalLong end,
    long nextGroup,
    int groupsTaken) {
  private static LogCursor begin(LogRange range) {
    return new LogCursor(range.start(), range.head(), range.end(), -1, 0);
  }

  /** Where replay from a head begins. */
  static LogCursor begin(StoredHead head) {
    return begin(logs(head).getFirst());
  }

  /** The logs that follow a head's tree, in order; the last is that of its own epoch. */
  private static List<LogRange> logs(StoredHead stored) {
    Head head = stored.head();
    List<LogRange> logs = new ArrayList<>(head.earlier());
    logs.removeIf(LogRange::isReplayed);
    long from = head.replayFrom().sequence();
    OptionalLong end =
        head.state() == HeadState.CLOSED ? OptionalLong.of(from) : OptionalLong.empty();
    logs.add(new LogRange(head.epoch(), stored.logHead(), from, end));
    return logs;
  }

  /** Whether less has been read than up to another place. */
  boolean isBefore(LogCursor other) {
    int byPosition = position.compareTo(other.position);
    return byPosition < 0 || (byPosition == 0 && groupsTaken < other.groupsTaken);
  }

  /** Whether the log of this epoch has been read to its end for good. */
  boolean atEnd() {
    return end.isPresent() && position.sequence() >= end.getAsLong();
  }

  /** The log ends here: what follows does not count. */
  LogCursor ending() {
    return new LogCursor(
        position, head, OptionalLong.of(position.sequence()), nextGroup, groupsTaken);
  }

  /** The same, knowing what a newer head says of the end of this log. */
  LogCursor knowing(StoredHead newest) {
    Head newer = newest.head();
    boolean closed =
        newer.state() == HeadState.CLOSED && newer.epoch().equals(position.epoch());
    return closed
        ? new LogCursor(
            position,
            head,
            OptionalLong.of(newer.replayFrom().sequence()),
            nextGroup,
            groupsTaken)
        : this;
  }

  /** Behind so many groups of the entry. */
  LogCursor taken(int groups) {
    return new LogCursor(position, head, end, nextGroup, groups);
  }

  /** Behind an entry. */
  LogCursor after(LogEntry.Groups entry) {
    return new LogCursor(entry.position().next(), head, end, entry.nextGroup(), 0);
  }

  /**
   * The beginning of the log that follows this one, once {@link #atEnd}; empty if nobody has taken
   * the volume since.
   *
   * @param newest a head whose replay begins at or before this place
   */
  Optional<LogCursor> successor(StoredHead newest) {
    return logs(newest).stream()
        .filter(log -> log.epoch().compareTo(position.epoch()) > 0)
        .findFirst()
        .map(LogCursor::begin);
  }

  /** Behind a sign of life. */
  LogCursor after(LogEntry.Renewal entry) {
    return new LogCursor(entry.position().next(), head, end, entry.firstGroup(), 0);
  }

  /** Behind a turn that was not made. */
  LogCursor after(LogEntry.Turn entry) {
    return new LogCursor(entry.position().next(), head, end, entry.firstGroup(), 0);
  }

  /** Makes sure that an entry goes on where the one before ended. */
  void requireNext(LogEntry.Groups entry) throws StoreException.Corrupt {
    if (nextGroup >= 0 && entry.firstGroup() != nextGroup) {
      throw new StoreException.Corrupt(
          entry.position().key(),
          "its first group is %d, expected %d".formatted(entry.firstGroup(), nextGroup));
    }
  }
}
