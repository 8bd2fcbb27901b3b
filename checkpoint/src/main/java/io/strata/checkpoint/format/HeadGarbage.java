package io.strata.checkpoint.format;

import io.strata.replay.format.LogPosition;
import java.util.List;

/**
 * Logs and heads that may be deleted, recorded so that neither a crash nor a failed delete leaks
 * them.
 *
 * @param logsFrom the first log object that may still exist: all before are gone
 * @param heads numbers of heads that are no longer kept and may still exist, in ascending order
 */
public record HeadGarbage(LogPosition logsFrom, List<Long> heads) {
  public HeadGarbage {
    heads = List.copyOf(heads);
  }
}
