package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** What the newest head tells of the logs behind older ones. */
final class PastLogs {
  private PastLogs() {}

  /** The logs that follow a head's tree, in order; the last is that of its own epoch. */
  static List<LogRange> behind(StoredHead base, Head newest) {
    Head head = base.head();
    List<LogRange> logs = new ArrayList<>();
    for (LogRange range : head.earlier()) {
      if (!range.isReplayed()) {
        logs.add(
            range.end().isPresent() ? range : ending(range, knownEnd(range.epoch(), newest)));
      }
    }
    LogRange own =
        new LogRange(
            head.epoch(), base.logHead(), head.replayFrom().sequence(), OptionalLong.empty());
    boolean over = head.number() < newest.number() && !head.epoch().equals(newest.epoch());
    if (head.state() == HeadState.CLOSED) {
      logs.add(own.replayedTo(own.from()));
    } else {
      logs.add(over ? ending(own, knownEnd(head.epoch(), newest)) : own);
    }
    return logs;
  }

  private static LogRange ending(LogRange range, OptionalLong end) {
    return new LogRange(range.epoch(), range.head(), range.from(), end);
  }

  /** Where the log of an epoch that is over ends, if the newest head tells. */
  private static OptionalLong knownEnd(Epoch epoch, Head newest) {
    return newest.earlier().stream()
        .filter(range -> range.epoch().equals(epoch))
        .map(LogRange::end)
        .findAny()
        .orElse(OptionalLong.empty());
  }

  /** Before which sequence every entry of an epoch's log counts, because heads have said so. */
  static long certain(Epoch epoch, Head newest) {
    if (epoch.equals(newest.epoch())) {
      return newest.replayFrom().sequence();
    }
    for (LogRange range : newest.earlier()) {
      if (range.epoch().equals(epoch)) {
        return range.end().orElse(range.from());
      }
    }
    return 0;
  }

  /** The first entry that a state can be asked for: the log goes on from a kept head there. */
  static LogPosition first(Head newest) {
    return new KeptHeads(newest)
        .all().values().stream()
            .filter(each -> there(each, newest))
            .map(RetainedCheckpoint::replayFrom)
            .min(Comparator.naturalOrder())
            .orElse(newest.firstLog());
  }

  /** Whether the logs behind a kept head's tree are still there. */
  static boolean there(RetainedCheckpoint checkpoint, Head newest) {
    return checkpoint.replayFrom().compareTo(newest.garbage().logsFrom()) >= 0;
  }
}
