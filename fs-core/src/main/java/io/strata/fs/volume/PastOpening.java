package io.strata.fs.volume;

import io.strata.btree.DamagedPage;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.schema.Timestamp;
import io.strata.platform.Platform;
import io.strata.replay.format.LogPosition;
import io.strata.segment.BlockCache;
import io.strata.segment.BlockReader;
import io.strata.segment.SegmentSizes;
import io.strata.store.StoreException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds and opens a state that a volume has been in. Confined to one thread. */
final class PastOpening {
  private final Opening.Followed volume;
  private final OpenOptions options;
  private final Platform platform;
  private final @Nullable StatePoint point;
  private final Head newest;
  private final KeptHeads kept;

  /**
   * Looks for a state of a volume.
   *
   * @param point which; null for what the volume is now
   */
  PastOpening(
      Opening.Followed volume,
      @Nullable StatePoint point,
      OpenOptions options,
      Platform platform) {
    this.volume = volume;
    this.point = point;
    this.options = options;
    this.platform = platform;
    this.newest = volume.newest().head();
    this.kept = new KeptHeads(newest);
  }

  /** What is found: the tree of a head, brought up to the state. */
  private record Found(StoredHead base, KeptStore store, PastTree tree) {}

  /**
   * Opens it.
   *
   * @throws VolumeException if there is no such state, or not any more
   */
  ViewedVolume open() throws IOException {
    Found found = find();
    PastTree tree = found.tree();
    SegmentSizes sizes = OwnedVolume.segmentSizes(options.limits());
    BlockReader blocks = new BlockReader(found.store(), new BlockCache(sizes), sizes, platform);
    DataReader reader = new DataReader(tree.access(), tree.resident(), blocks, platform);
    return new ViewedVolume(
        volume.volume(),
        found.base(),
        newest,
        tree.access(),
        blocks,
        new PastSight(
            new ViewEngine.StillSight(tree.access(), reader),
            failure -> found.store().letGo(),
            name()),
        null,
        platform);
  }

  /** Opens its tree alone, as {@link #open} does. */
  StateTree tree() throws IOException {
    Found found = find();
    return new StateTree(found.tree().access().state().tree(), found.store(), name());
  }

  private String name() {
    return point == null ? "of now" : point.toString();
  }

  private Found find() throws IOException {
    try {
      return switch (point) {
        case null -> find(volume.newest(), entry -> true);
        case StatePoint.Named named -> find(read(kept.named(named.name())), null);
        case StatePoint.Numbered numbered -> find(read(kept.numbered(numbered.head())), null);
        case StatePoint.Entry entry -> find(before(entry.position()), upTo(entry.position()));
        case StatePoint.Moment moment -> {
          RetainedCheckpoint base = kept.before(moment);
          Timestamp time = Timestamp.of(moment.time());
          yield find(
              read(base),
              PastLogs.there(base, newest)
                  ? entry -> PastTree.time(entry).compareTo(time) <= 0
                  : null);
        }
      };
    } catch (StoreException.Corrupt | DamagedPage e) {
      throw Opening.damaged(e);
    }
  }

  private Found find(StoredHead base, PastTree.@Nullable Until until) throws IOException {
    KeptStore store = new KeptStore(volume.store(), volume.heads(), base.head().number());
    PastTree tree = PastTree.open(volume, store, base.head(), options.limits(), platform);
    if (until != null) {
      tree.replay(base, until);
    }
    if (point instanceof StatePoint.Entry entry && !entry.position().equals(tree.last())) {
      throw KeptHeads.refused(
          "there is no log entry %s%s"
              .formatted(point, tree.last() == null ? "" : ", the last is " + tree.last()));
    }
    return new Found(base, store, tree);
  }

  /** The last kept head whose log holds an entry, and is still there. */
  private StoredHead before(LogPosition position) throws IOException {
    for (RetainedCheckpoint each : kept.all().descendingMap().values()) {
      if (!PastLogs.there(each, newest)) {
        break;
      }
      StoredHead head = read(each);
      if (head.head().replayFrom().compareTo(position) <= 0) {
        return head;
      }
    }
    throw KeptHeads.refused(
        "log entry %s is kept no longer: the log begins at %s"
            .formatted(position, newest.garbage().logsFrom()));
  }

  private static PastTree.Until upTo(LogPosition position) {
    return entry -> entry.position().compareTo(position) <= 0;
  }

  private StoredHead read(RetainedCheckpoint checkpoint) throws IOException {
    if (checkpoint.number() == newest.number()) {
      return volume.newest();
    }
    try {
      return volume.heads().read(checkpoint.number());
    } catch (StoreException.Missing e) {
      throw KeptHeads.refused("head %d was let go just now".formatted(checkpoint.number()));
    }
  }
}
