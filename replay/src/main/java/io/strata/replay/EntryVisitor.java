package io.strata.replay;

import io.strata.replay.format.LogEntry;
import java.io.IOException;

/** Takes the entries of a log in their order. */
@FunctionalInterface
public interface EntryVisitor {
  /**
   * Takes an entry.
   *
   * @return false to stop before it: the entry does not count, nor do those behind it
   * @throws IOException to stop with this error
   */
  boolean visit(LogEntry.Groups entry) throws IOException;

  /** Takes note of a sign of life between entries; it changes nothing. */
  default void renewed(LogEntry.Renewal entry) {}

  /**
   * Takes note that what follows belongs to the tree of another head.
   *
   * @return whether to go on all the same: right for whoever reads behind the newest head, because
   *     nothing follows then
   */
  default boolean turned(LogEntry.Turn entry) {
    return true;
  }
}
