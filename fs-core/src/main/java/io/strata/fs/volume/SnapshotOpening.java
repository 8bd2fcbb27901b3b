package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.HandleCounter;
import io.strata.fs.PastState;
import io.strata.fs.posix.VolumeFileSystem;
import io.strata.platform.Platform;
import io.strata.replay.LogReader;
import io.strata.segment.BlockCache;
import io.strata.segment.BlockReader;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Opens snapshots of an open volume: a request for the head, and some for pages of its tree that it
 * has changes to. All of them read data by way of one reader. Safe for any thread.
 */
final class SnapshotOpening {
  /** Many snapshots may be open: each reads ahead this part of what the volume does. */
  private static final int READ_AHEAD_PART = 8;

  /** Block indexes of segments that each keeps decoded; about 3 KiB each. */
  private static final int INDEXES_MAX = 256;

  private final VolumeDescriptor volume;
  private final ObjectStore store;
  private final Heads heads;
  private final LogReader logs;
  private final Supplier<StoredHead> newest;
  private final BlockReader blocks;
  private final StoreWaits waits;
  private final VolumeLimits limits;
  private final HandleCounter handles;
  private final Platform platform;

  SnapshotOpening(
      VolumeDescriptor volume,
      ObjectStore store,
      Heads heads,
      Supplier<StoredHead> newest,
      BlockCache cache,
      StoreWaits waits,
      VolumeLimits limits,
      long pageBytes,
      HandleCounter handles,
      Platform platform) {
    this.volume = volume;
    this.store = store;
    this.heads = heads;
    this.logs = new LogReader(store, volume.id(), platform);
    this.newest = newest;
    this.waits = waits;
    this.limits = limits.withPageBytesMax(pageBytes);
    this.handles = handles;
    this.platform = platform;
    this.blocks =
        new BlockReader(
            store,
            cache,
            OwnedVolume.segmentSizes(limits)
                .withCacheBytesMax(limits.cacheBytesMax(), limits.readAheadBytesMax() / READ_AHEAD_PART),
            platform);
  }

  /**
   * Opens one.
   *
   * @throws FsException ESTALE if it is deleted
   */
  OpenSnapshot open(PastState state) throws IOException, FsException {
    Opening.Followed followed =
        new Opening.Followed(volume, store, heads, logs, newest.get(), waits);
    Head head = read(state);
    PastTree tree = PastTree.open(followed, store, head, limits, platform);
    DataReader reader =
        new DataReader(tree.access(), tree.resident(), blocks, INDEXES_MAX, platform);
    BackgroundTasks tasks = new BackgroundTasks(platform.waiting());
    ViewEngine.Sight sight =
        new PastSight(
            new ViewEngine.StillSight(tree.access(), reader),
            failure -> isMissing(failure) && !isKept(state),
            state.name().toString());
    // Its handles are of this epoch, so that another owner can take them up as such.
    return new OpenSnapshot(
        new VolumeFileSystem(new ViewEngine(sight, tasks, handles.epoch()), handles), tasks);
  }

  private Head read(PastState state) throws IOException, FsException {
    try {
      return heads.read(state.head()).head();
    } catch (StoreException.Missing e) {
      throw new FsException(
          Errno.ESTALE, "snapshot " + state.name() + " was deleted just now", e);
    }
  }

  private static boolean isMissing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException.Missing) {
        return true;
      }
    }
    return false;
  }

  /** Asks the bucket where the newest head that is known says so: it may be an old one. */
  private boolean isKept(PastState state) {
    if (!newest.get().head().kept().contains(state.head())) {
      return false;
    }
    try {
      return heads.newest().map(now -> now.head().kept().contains(state.head())).orElse(false);
    } catch (StoreException e) {
      // Then what is missing counts as lost, which is the worse of the two.
      return true;
    }
  }
}
