package io.strata.fsck.history;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.replay.format.LogPosition;
import io.strata.store.ObjectNames;
import java.util.List;

/**
 * Looks for holes in the log before the newest head, which only going back to a point in time
 * between checkpoints would need. By names alone, and only where the logs are kept for sure: behind
 * the most recent of the kept heads.
 */
public final class LogGaps {
  /** Kept heads besides the newest whose logs are kept too, unless the owner was told otherwise. */
  private static final int RECENT_MAX = 15;

  private LogGaps() {}

  /** Reports the first hole behind each recent checkpoint. */
  public static void check(Head newest, Inventory inventory, Findings findings) {
    List<RetainedCheckpoint> kept = newest.retained();
    int from = Math.max(0, kept.size() - RECENT_MAX);
    for (int i = from; i < kept.size(); i++) {
      RetainedCheckpoint checkpoint = kept.get(i);
      LogPosition start = checkpoint.replayFrom();
      LogPosition next = i + 1 < kept.size() ? kept.get(i + 1).replayFrom() : newest.firstLog();
      if (start.epoch().equals(next.epoch()) && start.compareTo(newest.garbage().logsFrom()) >= 0) {
        hole(checkpoint.number(), start, next.sequence(), inventory, findings);
      }
    }
  }

  private static void hole(
      long checkpoint, LogPosition start, long end, Inventory inventory, Findings findings) {
    Inventory.LogNames names = inventory.log(start.epoch());
    for (long sequence = start.sequence(); sequence < end; sequence++) {
      if (!names.has(sequence)) {
        findings.add(
            new HistoryFinding.PointsLost(ObjectNames.log(start.epoch(), sequence), checkpoint));
        return;
      }
    }
  }
}
