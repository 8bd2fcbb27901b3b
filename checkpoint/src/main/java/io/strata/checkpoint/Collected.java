package io.strata.checkpoint;

import io.strata.checkpoint.format.Head;
import io.strata.replay.format.LogPosition;
import java.util.Set;

/**
 * What has been deleted of what a head lets go.
 *
 * @param logsFrom the first log object that may still exist
 * @param heads numbers of heads that are gone
 */
public record Collected(LogPosition logsFrom, Set<Long> heads) {
  public Collected {
    heads = Set.copyOf(heads);
  }

  /** Nothing but what the head itself says. */
  public static Collected nothing(Head head) {
    return new Collected(head.garbage().logsFrom(), Set.of());
  }
}
