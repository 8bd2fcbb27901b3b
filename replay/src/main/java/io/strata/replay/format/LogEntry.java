package io.strata.replay.format;

import io.strata.store.Epoch;
import java.time.Duration;
import java.util.List;

/** What is at a place in the log. */
public sealed interface LogEntry {
  /** The place. */
  LogPosition position();

  /**
   * Nothing.
   *
   * @param position the place
   */
  record Absent(LogPosition position) implements LogEntry {}

  /** An object. */
  sealed interface Stored extends LogEntry {
    /** The head that the log's epoch began with. */
    HeadReference head();
  }

  /**
   * Groups of mutations in the order in which they happened.
   *
   * <p>It counts only if every segment that it depends on exists, and every entry before it counts.
   *
   * @param position the place
   * @param head the head that the epoch began with
   * @param firstGroup the number of the first group; numbers of an epoch run on without gaps
   * @param dependencies segments that must exist
   * @param groups the groups' bytes, opaque here; not to be changed
   * @param inline bytes of segments that need not exist yet
   */
  record Groups(
      LogPosition position,
      HeadReference head,
      long firstGroup,
      List<Dependency> dependencies,
      List<byte[]> groups,
      List<InlineRun> inline)
      implements Stored {
    public Groups {
      dependencies = List.copyOf(dependencies);
      groups = List.copyOf(groups);
      inline = List.copyOf(inline);
    }

    /** The number of the first group of the entry after this one. */
    public long nextGroup() {
      return firstGroup + groups.size();
    }

    /** Bytes of all groups and inline data together. */
    public long bytes() {
      long bytes = 0;
      for (byte[] group : groups) {
        bytes += group.length;
      }
      for (InlineRun run : inline) {
        bytes += run.bytes().remaining();
      }
      return bytes;
    }
  }

  /**
   * No change, only the owner's word that it lives and still has the volume. An owner who has put one
   * puts something into its log at least every third of the term for as long as it lives.
   *
   * @param position the place
   * @param head the head that the epoch began with
   * @param firstGroup the number that the next group will have
   * @param term for how long the owner answers after it has put an entry, whole milliseconds
   */
  record Renewal(LogPosition position, HeadReference head, long firstGroup, Duration term)
      implements Stored {}

  /**
   * The state before this entry was given up for that of a head: what follows belongs to the tree of
   * that head. If there is no such head of this epoch, nothing follows, and nothing was given up.
   *
   * @param position the place
   * @param head the head that the epoch began with
   * @param firstGroup the number that the next group will have
   * @param number the head's number
   */
  record Turn(LogPosition position, HeadReference head, long firstGroup, long number)
      implements Stored {}

  /**
   * The end of the log, put there by whoever took the volume over. The old owner's put of this name
   * fails, and nothing that it wrote behind it counts.
   *
   * @param position the place
   * @param head the head that the fenced epoch began with
   * @param by the new owner's epoch
   * @param owner the new owner, as a person would write it
   */
  record Fence(LogPosition position, HeadReference head, Epoch by, String owner)
      implements Stored {}
}
