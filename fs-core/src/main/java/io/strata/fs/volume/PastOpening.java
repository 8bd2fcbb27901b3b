package io.strata.fs.volume;

import io.strata.btree.DamagedPage;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.StoredHead;
import io.strata.platform.Platform;
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
    BlockCache cache = new BlockCache(sizes, platform.clock());
    BlockReader blocks = new BlockReader(found.store(), cache, sizes, platform);
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
      PastPoint found = PastPoint.find(point, volume.newest(), volume.heads()::read);
      StoredHead base = found.base();
      KeptStore store = new KeptStore(volume.store(), volume.heads(), base.head().number());
      PastTree tree = PastTree.open(volume, store, base.head(), options.limits(), platform);
      PastTree.Until until = found.until();
      if (until != null) {
        tree.replay(base, until);
      }
      found.requireReached(tree.last());
      return new Found(base, store, tree);
    } catch (StoreException.Corrupt | DamagedPage e) {
      throw Opening.damaged(e);
    }
  }
}
