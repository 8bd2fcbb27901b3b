package io.strata.fs.volume;

import io.strata.checkpoint.format.LogRange;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.replay.EntryVisitor;
import io.strata.replay.LogEnd;
import io.strata.replay.LogReader;
import io.strata.replay.format.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one epoch's log holds beyond the tree, read before anything is changed, so that a damaged log
 * stops a take-over before it has begun. Immutable.
 *
 * @param range which part of which log
 * @param entries from the position where replay begins, without gaps
 * @param end where reading stopped: a fence or nothing yet
 * @param promised the term of the owner's promise to be heard; null if there is none
 */
record LogTail(
    LogRange range, List<LogEntry.Groups> entries, LogEnd end, @Nullable Duration promised) {
  LogTail {
    entries = List.copyOf(entries);
  }

  /**
   * Reads a log.
   *
   * @throws VolumeException if an entry is damaged
   */
  static LogTail read(LogReader reader, LogRange range) throws IOException {
    Collector read = new Collector();
    LogEnd end = reader.readTail(range.start(), range.end(), range.head(), read);
    if (end instanceof LogEnd.Damaged damaged) {
      throw new VolumeException(
          Reason.DAMAGED,
          damaged.cause().getMessage()
              + "; nothing was changed; run strata fsck to see what is affected",
          damaged.cause());
    }
    return new LogTail(range, read.entries, end, read.promised);
  }

  private static final class Collector implements EntryVisitor {
    private final List<LogEntry.Groups> entries = new ArrayList<>();
    private @Nullable Duration promised;

    @Override
    public boolean visit(LogEntry.Groups entry) {
      return entries.add(entry);
    }

    @Override
    public void renewed(LogEntry.Renewal entry) {
      promised = entry.term();
    }
  }
}
