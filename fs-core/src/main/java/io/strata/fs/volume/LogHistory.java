package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.LogRange;
import io.strata.fs.schema.Timestamp;
import io.strata.platform.Platform;
import io.strata.replay.LogEnd;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The moments between checkpoints that a volume's logs still lead to. */
public final class LogHistory {
  private LogHistory() {}

  /**
   * A log entry: what had happened when it had can be looked at.
   *
   * @param position which one
   * @param time when the last change in it was made, by the change times of its files; empty if it
   *     does not tell
   * @param groups how many operations it holds
   * @param bytes of their records and of file data that came along
   */
  public record Point(LogPosition position, Optional<Instant> time, int groups, long bytes) {}

  /**
   * Reads the logs, oldest entry first: a request each. Nothing is written.
   *
   * @param options of them the time for the store
   * @param from no entries before this one
   * @param points takes them, and returns whether to go on
   * @throws VolumeException if there is no volume, or it is damaged
   */
  public static void read(
      ObjectStore store,
      OpenOptions options,
      Platform platform,
      LogPosition from,
      Predicate<Point> points)
      throws IOException {
    boolean[] more = {true};
    Opening.Followed volume = Opening.look(store, options, platform).follow();
    for (LogRange log : logs(volume, from)) {
      LogEnd end =
          volume
              .logs()
              .readTail(
                  log.start(),
                  log.end(),
                  log.head(),
                  entry -> {
                    more[0] = points.test(point(entry));
                    return more[0];
                  });
      if (end instanceof LogEnd.Damaged damaged) {
        throw Opening.damaged(damaged.cause());
      }
      if (!more[0]) {
        return;
      }
    }
  }

  private static Point point(LogEntry.Groups entry) throws IOException {
    Timestamp time = PastTree.time(entry);
    return new Point(
        entry.position(),
        time.seconds() == Long.MIN_VALUE
            ? Optional.empty()
            : Optional.of(Instant.ofEpochSecond(time.seconds(), time.nanos())),
        entry.groups().size(),
        entry.bytes());
  }

  /** What is kept of the logs behind heads that are kept, oldest first. */
  private static List<LogRange> logs(Opening.Followed volume, LogPosition from) {
    Head newest = volume.newest().head();
    LogPosition kept = PastLogs.first(newest);
    LogPosition first = from.compareTo(kept) > 0 ? from : kept;
    List<LogRange> logs = new ArrayList<>(newest.earlier());
    logs.add(new LogRange(newest.epoch(), volume.newest().logHead(), 0, OptionalLong.empty()));
    logs.removeIf(log -> log.epoch().compareTo(first.epoch()) < 0);
    logs.replaceAll(
        log -> {
          long begin = log.epoch().equals(first.epoch()) ? first.sequence() : 0;
          return log.end().isPresent() && log.end().getAsLong() <= begin
              ? log.replayedTo(begin)
              : new LogRange(log.epoch(), log.head(), begin, log.end());
        });
    return logs;
  }
}
