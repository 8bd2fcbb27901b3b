package io.strata.replay;

import io.strata.platform.Platform;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.ByteRange;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads a volume's replay logs. Immutable; safe for use by any thread; blocks on the store.
 *
 * <p>An error of the store that says nothing about the log (unavailable, refused, too new) is
 * thrown; what the log itself holds, damage included, is a result.
 */
public final class LogReader {
  private final ObjectStore store;
  private final VolumeId volume;
  private final Platform platform;

  public LogReader(ObjectStore store, VolumeId volume, Platform platform) {
    this.store = store;
    this.volume = volume;
    this.platform = platform;
  }

  /**
   * Reads what is at a place: one request.
   *
   * @param head the head that the epoch began with
   * @throws StoreException.Corrupt if it is not what was written there, or was written for another
   *     head
   */
  public LogEntry read(LogPosition position, HeadReference head) throws StoreException {
    LogEntry.Stored entry;
    try {
      entry = EntryCodec.open(volume, position, store.get(position.key(), ByteRange.ALL));
    } catch (StoreException.Missing e) {
      return new LogEntry.Absent(position);
    }
    if (!entry.head().equals(head)) {
      throw new StoreException.Corrupt(
          position.key(), "it belongs to %s, expected %s".formatted(entry.head(), head));
    }
    return entry;
  }

  /** Whether there is anything at a place: one request, however long an entry is there. */
  public boolean isFilled(LogPosition position) throws StoreException {
    return store.head(position.key()).isPresent();
  }

  /** Reads consecutive entries to the end of the log, wherever that is. */
  public LogEnd readTail(LogPosition from, HeadReference head, EntryVisitor visitor)
      throws IOException {
    return readTail(from, OptionalLong.empty(), head, visitor);
  }

  /**
   * Reads consecutive entries, some ahead in parallel, and hands them to the visitor in order on
   * the calling thread. An empty log costs one request.
   *
   * @param from the first place to read
   * @param end the sequence to stop before, if the log's end is known
   * @param head the head that the epoch began with
   * @return where it stopped, and why
   * @throws IOException what the store or the visitor threw
   */
  public LogEnd readTail(
      LogPosition from, OptionalLong end, HeadReference head, EntryVisitor visitor)
      throws IOException {
    long stopBefore = end.orElse(Long.MAX_VALUE);
    ReadAhead entries =
        new ReadAhead(position -> read(position, head), platform.waiting(), from, stopBefore);
    try {
      return visitAll(entries, from, stopBefore, visitor);
    } finally {
      entries.settle();
    }
  }

  private static LogEnd visitAll(
      ReadAhead entries, LogPosition from, long stopBefore, EntryVisitor visitor)
      throws IOException {
    LogPosition at = from;
    long nextGroup = -1;
    while (at.sequence() < stopBefore) {
      LogEntry entry;
      try {
        entry = entries.next();
      } catch (StoreException.Corrupt e) {
        return new LogEnd.Damaged(at, e);
      }
      switch (entry) {
        case LogEntry.Absent absent -> {
          return new LogEnd.Open(at);
        }
        case LogEntry.Fence fence -> {
          return new LogEnd.Fenced(fence);
        }
        case LogEntry.Renewal renewal -> {
          if (nextGroup >= 0 && renewal.firstGroup() != nextGroup) {
            return new LogEnd.Damaged(at, gap(at, renewal.firstGroup(), nextGroup));
          }
          visitor.renewed(renewal);
          nextGroup = renewal.firstGroup();
          at = at.next();
        }
        case LogEntry.Turn turn -> {
          if (nextGroup >= 0 && turn.firstGroup() != nextGroup) {
            return new LogEnd.Damaged(at, gap(at, turn.firstGroup(), nextGroup));
          }
          if (!visitor.turned(turn)) {
            return new LogEnd.Stopped(at);
          }
          nextGroup = turn.firstGroup();
          at = at.next();
        }
        case LogEntry.Groups groups -> {
          if (nextGroup >= 0 && groups.firstGroup() != nextGroup) {
            return new LogEnd.Damaged(at, gap(at, groups.firstGroup(), nextGroup));
          }
          if (!visitor.visit(groups)) {
            return new LogEnd.Stopped(at);
          }
          nextGroup = groups.nextGroup();
          at = at.next();
        }
      }
    }
    return new LogEnd.Stopped(at);
  }

  private static StoreException.Corrupt gap(LogPosition at, long found, long expected) {
    return new StoreException.Corrupt(
        at.key(), "its first group is %d, expected %d".formatted(found, expected));
  }
}
