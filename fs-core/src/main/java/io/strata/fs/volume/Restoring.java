package io.strata.fs.volume;

import io.strata.checkpoint.SnapshotChange;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.FsException;
import io.strata.fs.Outdated;
import io.strata.platform.Platform;
import io.strata.replay.LogReader;
import io.strata.segment.SegmentLog;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes a volume that is in use back to a state that it was in. One at a time; safe for any thread.
 *
 * <p>Operations are held; a head commits all that they have done, under a name; the old state is
 * worked out and committed behind it; operations go on. What Strata itself has to record meanwhile
 * waits, because the log is read from the last of these heads on.
 */
final class Restoring {
  private final ObjectStore store;
  private final VolumeLimits limits;
  private final HeadKeeper keeper;
  private final Checkpointer checkpointer;
  private final OwnerEngine engine;
  private final SegmentUse use;
  private final SegmentLog segments;
  private final StoredSegments stored;
  private final LogReader logs;
  private final Consumer<String> lost;
  private final Runnable orphans;

  /**
   * Restores a volume.
   *
   * @param lost told why the volume is of no use any more
   * @param orphans removes files that only had been open in the old state
   */
  Restoring(
      ObjectStore store,
      VolumeLimits limits,
      HeadKeeper keeper,
      Checkpointer checkpointer,
      OwnerEngine engine,
      SegmentUse use,
      SegmentLog segments,
      VolumeId volume,
      Platform platform,
      Consumer<String> lost,
      Runnable orphans) {
    this.store = store;
    this.limits = limits;
    this.keeper = keeper;
    this.checkpointer = checkpointer;
    this.engine = engine;
    this.use = use;
    this.segments = segments;
    this.stored = new StoredSegments(store, volume, platform);
    this.logs = new LogReader(store, volume, platform);
    this.lost = lost;
    this.orphans = orphans;
  }

  /** As {@link Snapshots#rollback}. */
  synchronized NamedSnapshot to(StatePoint point, Outdated outdated) throws IOException {
    PastPoint target = PastPoint.find(point, keeper.current(), keeper::readStored);
    Checkpointer.Replaced replaced;
    NamedSnapshot kept;
    boolean names;
    Replacement replacement = new Replacement(target);
    try {
      engine.hold();
      try {
        replaced = checkpointer.replace(this::keep, replacement);
        kept = replaced.left().snapshots().getLast();
        names = outdated.all();
      } catch (IOException | RuntimeException e) {
        if (checkpointer.isUnsure()) {
          lost.accept("whether the volume went back to " + point + " is not known");
        }
        throw e;
      } finally {
        replacement.lost.settled();
        engine.resume();
      }
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
    orphans.run();
    if (names) {
      try {
        RootNames root = new RootNames(store, limits);
        root.tell(replaced.left(), outdated::inRoot);
        root.tell(replaced.made(), outdated::inRoot);
      } catch (IOException e) {
        throw new IOException(
            "the volume is as it was at %s, which snapshot %s undoes, but who has it mounted may see"
                    .formatted(point, kept.name())
                + " files of before: mount it anew: "
                + e.getMessage(),
            e);
      }
    }
    return kept;
  }

  private SnapshotChange keep(Head newest) throws VolumeException {
    return OwnedSnapshots.creation(newest, "before-rollback-" + (newest.number() + 1));
  }

  private final class Replacement implements Checkpointer.Replacing {
    private final PastPoint target;
    private final LostSegments lost = new LostSegments(stored, logs, segments, use);

    Replacement(PastPoint target) {
      this.target = target;
    }

    @Override
    public void settled() throws IOException {
      try {
        engine.defer();
      } catch (FsException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public Rollback.Prepared prepare(Head left) throws IOException {
      Set<Nonce> waiting = new HashSet<>();
      try {
        waiting.addAll(engine.deferredSegments());
      } catch (FsException e) {
        throw new IOException(e.getMessage(), e);
      }
      return new Rollback(
              store,
              limits,
              target,
              nonce -> use.pinned(nonce) || waiting.contains(nonce),
              lost)
          .prepare(left, left.number() + 1);
    }
  }
}
