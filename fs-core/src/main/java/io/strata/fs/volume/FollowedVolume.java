package io.strata.fs.volume;

import io.strata.btree.DamagedPage;
import io.strata.checkpoint.format.Head;
import io.strata.platform.Platform;
import io.strata.segment.BlockCache;
import io.strata.segment.BlockReader;
import io.strata.segment.SegmentSizes;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.time.Duration;

/**
 * A volume that somebody else may own, as it was a moment ago: a prefix of its owner's history, which
 * grows. Nothing is written to the bucket.
 */
final class FollowedVolume extends ReadVolume {
  private static final Duration AGE_MIN = Duration.ofMillis(100);

  private final BlockReader blocks;
  private final Follower follower;

  private FollowedVolume(
      Opening.Followed volume,
      BlockReader blocks,
      Follower follower,
      VisitedSnapshots past,
      Platform platform) {
    super(
        volume.volume(),
        new FollowedSight(follower),
        volume.newest().head().epoch(),
        past,
        platform);
    this.blocks = blocks;
    this.follower = follower;
  }

  /**
   * Begins to follow.
   *
   * @param ageMax how old may be what an operation finds
   */
  static FollowedVolume start(
      ObjectStore store, OpenOptions options, Duration ageMax, Platform platform)
      throws IOException {
    if (ageMax.compareTo(AGE_MIN) < 0) {
      throw new IllegalArgumentException(
          "what is followed cannot be newer than " + AGE_MIN + ": " + ageMax);
    }
    long began = platform.clock().nanoTime();
    Opening.Followed volume = Opening.look(store, options, platform).follow();
    SegmentSizes sizes = OwnedVolume.segmentSizes(options.limits());
    BlockCache cache = new BlockCache(sizes, platform.clock());
    BlockReader blocks = new BlockReader(volume.store(), cache, sizes, platform);
    try {
      Follower follower =
          Follower.start(
              volume,
              options.limits(),
              blocks,
              platform,
              new PollPace(platform.clock(), ageMax, began));
      VisitedSnapshots past =
          new VisitedSnapshots(
              volume.volume(),
              volume.store(),
              volume.heads(),
              follower::newest,
              cache,
              volume.waits(),
              options.limits(),
              volume.newest().head().epoch(),
              platform);
      return new FollowedVolume(volume, blocks, follower, past, platform);
    } catch (StoreException.Corrupt | DamagedPage e) {
      throw Opening.damaged(e);
    }
  }

  @Override
  public Snapshots snapshots() {
    Head newest = follower.newest().head();
    return new ViewedSnapshots(newest.snapshots(), newest.schedule());
  }

  @Override
  public VolumeStatistics statistics() {
    Head newest = follower.newest().head();
    TreeAccess access = follower.mark().tree().access();
    return VolumeStatistics.ofReader(
        descriptor(), newest, access, blocks.stats(), follower.statistics());
  }

  @Override
  public VolumeSpace space() throws IOException {
    FollowedTree tree = follower.mark().tree();
    return SpaceSurvey.of(tree.access(), tree.base().head(), descriptor());
  }

  @Override
  public void close() throws IOException {
    follower.close();
    super.close();
  }

  @Override
  public void abandon() {
    var _ = follower.cancel();
    super.abandon();
  }
}
