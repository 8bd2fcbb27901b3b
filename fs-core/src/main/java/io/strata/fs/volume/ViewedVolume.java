package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.SpaceUse;
import io.strata.platform.Platform;
import io.strata.segment.BlockCache;
import io.strata.segment.BlockReader;
import io.strata.segment.SegmentSizes;
import io.strata.store.OncePut;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A volume as it was when it was opened, or at some time before. */
final class ViewedVolume extends ReadVolume {
  private final StoredHead head;
  private final Snapshots snapshots;
  private final TreeAccess access;
  private final BlockReader blocks;

  /**
   * A volume that is looked at.
   *
   * @param head where what is seen begins
   * @param newest which snapshots there are
   * @param access to the tree that is seen
   * @param blocks where its data comes from
   * @param past its snapshots to look at; null if it shows none
   */
  ViewedVolume(
      VolumeDescriptor descriptor,
      StoredHead head,
      Head newest,
      TreeAccess access,
      BlockReader blocks,
      ViewEngine.Sight sight,
      @Nullable VisitedSnapshots past,
      Platform platform) {
    super(descriptor, sight, head.head().epoch(), past, platform);
    this.head = head;
    this.snapshots = new ViewedSnapshots(newest.snapshots(), newest.schedule());
    this.access = access;
    this.blocks = blocks;
  }

  /** A volume as it is. */
  static ViewedVolume of(Opening.Viewed viewed, OpenOptions options, Platform platform) {
    SegmentSizes sizes = OwnedVolume.segmentSizes(options.limits());
    BlockCache cache = new BlockCache(sizes, platform.clock());
    BlockReader blocks = new BlockReader(viewed.store(), cache, sizes, platform);
    TreeAccess access = viewed.access();
    DataReader reader = new DataReader(access, run -> false, blocks, platform);
    return new ViewedVolume(
        viewed.volume(),
        viewed.head(),
        viewed.head().head(),
        access,
        blocks,
        new ViewEngine.StillSight(access, reader),
        new VisitedSnapshots(
            viewed.volume(),
            viewed.store(),
            new Heads(
                viewed.store(), new OncePut(viewed.store(), platform), viewed.volume().id()),
            viewed::head,
            cache,
            access.waits(),
            options.limits(),
            viewed.head().head().epoch(),
            platform),
        platform);
  }

  @Override
  public VolumeStatistics statistics() {
    return VolumeStatistics.ofReader(descriptor(), head.head(), access, blocks.stats(), null);
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }

  static SpaceUse spaceUse(TreeAccess access) {
    try {
      return access.read(Caller.ROOT, metadata -> metadata.spaceUse());
    } catch (FsException e) {
      throw new IllegalStateException("sums in memory cannot be read", e);
    }
  }

  @Override
  public VolumeSpace space() throws IOException {
    return SpaceSurvey.of(access, head.head(), descriptor());
  }
}
