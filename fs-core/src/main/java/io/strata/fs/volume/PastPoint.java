package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.schema.Timestamp;
import io.strata.replay.format.LogPosition;
import io.strata.store.StoreException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A state that a volume has been in: the tree of a kept head, and the logs behind it up to somewhere.
 *
 * @param base the head
 * @param until how far the logs are to be applied; null for not at all
 * @param last the entry that has to be the last then; null if any may be
 */
record PastPoint(
    StoredHead base, PastTree.@Nullable Until until, @Nullable LogPosition last) {
  /**
   * Finds a state.
   *
   * @param point null for what the volume is now
   * @throws VolumeException if there is no such state, or not any more
   */
  static PastPoint find(@Nullable StatePoint point, StoredHead newest, HeadReader heads)
      throws IOException {
    Finder finder = new Finder(newest, new KeptHeads(newest.head()), heads);
    return switch (point) {
      case null -> new PastPoint(newest, entry -> true, null);
      case StatePoint.Named named -> finder.of(finder.kept.named(named.name()));
      case StatePoint.Numbered numbered -> finder.of(finder.kept.numbered(numbered.head()));
      case StatePoint.Entry entry -> finder.of(entry.position());
      case StatePoint.Moment moment -> finder.of(moment);
    };
  }

  /** Says so if a replay ended somewhere else. */
  void requireReached(@Nullable LogPosition reached) throws VolumeException {
    if (last != null && !last.equals(reached)) {
      throw KeptHeads.refused(
          "there is no log entry %s%s"
              .formatted(last, reached == null ? "" : ", the last is " + reached));
    }
  }

  private record Finder(StoredHead newest, KeptHeads kept, HeadReader heads) {
    PastPoint of(RetainedCheckpoint checkpoint) throws IOException {
      return new PastPoint(read(checkpoint), null, null);
    }

    PastPoint of(StatePoint.Moment moment) throws IOException {
      RetainedCheckpoint base = kept.before(moment);
      Timestamp time = Timestamp.of(moment.time());
      return new PastPoint(
          read(base),
          PastLogs.there(base, newest.head())
              ? entry -> PastTree.time(entry).compareTo(time) <= 0
              : null,
          null);
    }

    /** The last kept head whose log holds the entry, and is still there. */
    PastPoint of(LogPosition position) throws IOException {
      Head now = newest.head();
      for (RetainedCheckpoint each : kept.all().descendingMap().values()) {
        if (!PastLogs.there(each, now)) {
          break;
        }
        StoredHead head = read(each);
        if (head.head().replayFrom().compareTo(position) <= 0) {
          return new PastPoint(
              head, entry -> entry.position().compareTo(position) <= 0, position);
        }
      }
      throw KeptHeads.refused(
          "log entry %s is kept no longer: the log begins at %s"
              .formatted(position, PastLogs.first(now)));
    }

    private StoredHead read(RetainedCheckpoint checkpoint) throws IOException {
      if (checkpoint.number() == newest.head().number()) {
        return newest;
      }
      try {
        return heads.read(checkpoint.number());
      } catch (StoreException.Missing e) {
        throw KeptHeads.refused("head %d was let go just now".formatted(checkpoint.number()));
      }
    }
  }
}
