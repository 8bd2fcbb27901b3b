package io.strata.fs.volume;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A state that a volume has been in, as a person names it. */
public sealed interface StatePoint {
  /**
   * A snapshot.
   *
   * @param name what it is called
   */
  record Named(String name) implements StatePoint {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A checkpoint: the tree that a head names, without the log behind it.
   *
   * @param head the head's number
   */
  record Numbered(long head) implements StatePoint {
    @Override
    public String toString() {
      return Long.toString(head);
    }
  }

  /**
   * What had happened when a log entry had.
   *
   * @param position the entry
   */
  record Entry(LogPosition position) implements StatePoint {
    @Override
    public String toString() {
      return position.toString();
    }
  }

  /**
   * What had happened by some time.
   *
   * @param time as the owner's clock told it
   */
  record Moment(Instant time) implements StatePoint {
    @Override
    public String toString() {
      return time.toString();
    }
  }

  /**
   * Reads a name of a snapshot, a head's number, a log entry as {@link LogPosition#toString} writes
   * it, or a time in ISO 8601 with its zone. No snapshot can have a name that looks like one of the
   * others.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static StatePoint parse(String text) {
    if (text.matches("\\d{1,18}")) {
      return new Numbered(Long.parseLong(text));
    }
    Matcher entry = Pattern.compile("([0-9a-f]{8})/([0-9a-f]{1,15})").matcher(text);
    if (entry.matches()) {
      return new Entry(
          new LogPosition(
              new Epoch(Integer.parseUnsignedInt(entry.group(1), 16)),
              Long.parseLong(entry.group(2), 16)));
    }
    try {
      return new Moment(Instant.parse(text));
    } catch (DateTimeException e) {
      NamedSnapshot.objection(text)
          .ifPresent(
              why -> {
                throw new IllegalArgumentException(
                    "'%s' is no state: name a snapshot, a head's number, a log entry such as"
                            .formatted(text)
                        + " 00000001/2f, or a time such as 2026-01-31T12:00:00Z",
                    e);
              });
      return new Named(text);
    }
  }
}
