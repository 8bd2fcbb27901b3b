package io.strata.fs.volume;

import io.strata.btree.DamagedPage;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.FileSystem;
import io.strata.fs.continuity.Clients;
import io.strata.fs.posix.AccessTimePolicy;
import io.strata.fs.posix.VolumeFileSystem;
import io.strata.platform.Platform;
import io.strata.segment.BlockCache;
import io.strata.segment.BlockReader;
import io.strata.segment.SegmentSizes;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * A volume that somebody else may own, as it was a moment ago: a prefix of its owner's history, which
 * grows. Nothing is written to the bucket.
 */
final class FollowedVolume implements Volume {
  private static final Duration AGE_MIN = Duration.ofMillis(100);

  private final VolumeDescriptor descriptor;
  private final BlockReader blocks;
  private final Follower follower;
  private final BackgroundTasks tasks;
  private final VolumeFileSystem files;

  private FollowedVolume(
      Opening.Followed volume, BlockReader blocks, Follower follower, Platform platform) {
    this.descriptor = volume.volume();
    this.blocks = blocks;
    this.follower = follower;
    this.tasks = new BackgroundTasks(platform.waiting());
    this.files =
        new VolumeFileSystem(
            new ViewEngine(
                new FollowedSight(follower), tasks, volume.newest().head().epoch()),
            AccessTimePolicy.NEVER);
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
    Opening.Followed volume = 
        Opening.begin(
                store, options.withReadOnly(true), platform, Owners.here(), OpeningEvents.LOGGED)
            .follow();
    SegmentSizes sizes = OwnedVolume.segmentSizes(options.limits());
    BlockReader blocks = new BlockReader(volume.store(), new BlockCache(sizes), sizes, platform);
    try {
      Follower follower =
          Follower.start(
              volume,
              options.limits(),
              blocks,
              platform,
              new PollPace(platform.clock(), ageMax, began));
      return new FollowedVolume(volume, blocks, follower, platform);
    } catch (StoreException.Corrupt | DamagedPage e) {
      throw Opening.damaged(e);
    }
  }

  @Override
  public FileSystem fileSystem() {
    return files;
  }

  @Override
  public Clients clients() {
    return Clients.FORGOTTEN;
  }

  @Override
  public VolumeDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public Snapshots snapshots() {
    return new ViewedSnapshots(follower.newest().head().snapshots());
  }

  @Override
  public VolumeStatistics statistics() {
    Head newest = follower.newest().head();
    TreeAccess access = follower.mark().tree().access();
    return VolumeStatistics.ofReader(
        descriptor, newest, access, blocks.stats(), follower.statistics());
  }

  @Override
  public VolumeSpace space() throws IOException {
    FollowedTree tree = follower.mark().tree();
    return SpaceSurvey.of(tree.access(), tree.base().head());
  }

  @Override
  public void collectGarbage() throws IOException {
    throw new IOException("the volume is open for reading only");
  }

  @Override
  public void checkpoint() throws IOException {
    throw new IOException("the volume is open for reading only");
  }

  @Override
  public void whenFenced(Runnable listener) {
    // Who owns nothing loses nothing.
  }

  @Override
  public void close() throws IOException {
    try {
      follower.close();
      tasks.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while closing");
    }
  }

  @Override
  public void abandon() {
    var _ = follower.cancel();
    tasks.cancel();
  }
}
