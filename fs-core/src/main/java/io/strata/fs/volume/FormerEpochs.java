package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.continuity.FormerEpoch;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.store.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What recovery tells of the epochs before: how much of each is left. */
final class FormerEpochs {
  private FormerEpochs() {}

  /**
   * The epochs whose logs had to be replayed, and the newest.
   *
   * @param newest the head that was found
   * @param accepted the entries that count, in order
   */
  static List<FormerEpoch> of(StoredHead newest, List<LogEntry.Groups> accepted) {
    Head head = newest.head();
    List<FormerEpoch> epochs = new ArrayList<>();
    List<LogRange> ranges = head.earlier();
    for (int i = 0; i < ranges.size(); i++) {
      LogRange range = ranges.get(i);
      if (!range.isReplayed()) {
        HeadReference next = i + 1 < ranges.size() ? ranges.get(i + 1).head() : newest.logHead();
        epochs.add(of(range.epoch(), range.head(), next.number() - 1, false, accepted));
      }
    }
    boolean closed = head.state() == HeadState.CLOSED;
    epochs.add(of(head.epoch(), newest.logHead(), head.number(), closed, accepted));
    return epochs;
  }

  private static FormerEpoch of(
      Epoch epoch,
      HeadReference first,
      long lastHead,
      boolean closed,
      List<LogEntry.Groups> accepted) {
    // With no head but the first, the tree holds nothing of the epoch's own.
    OptionalLong groups =
        lastHead == first.number() ? OptionalLong.of(0) : OptionalLong.empty();
    for (LogEntry.Groups entry : accepted) {
      if (entry.position().epoch().equals(epoch)) {
        groups = OptionalLong.of(entry.nextGroup() - 1);
      }
    }
    return new FormerEpoch(epoch, lastHead, groups, closed);
  }
}
