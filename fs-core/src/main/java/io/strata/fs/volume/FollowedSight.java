package io.strata.fs.volume;

import io.strata.fs.Caller;
import io.strata.fs.DataRun;
import io.strata.fs.FsException;
import io.strata.fs.Query;
import io.strata.fs.SegmentGone;
import io.strata.fs.schema.Extent;
import io.strata.store.StoreException;
import java.util.List;

/**
 * What can be seen of a volume that is followed. An operation that meets what the owner has deleted
 * meanwhile goes on with what is newer, and its caller does not notice.
 */
record FollowedSight(Follower follower) implements ViewEngine.Sight {
  /** Each try goes on from something newer; so often in a row is a fault. */
  private static final int TRIES_MAX = 16;

  @Override
  public <T> T read(Caller caller, Query<T> query) throws FsException {
    follower.awaitFresh(caller);
    for (int tries = 1; ; tries++) {
      Follower.Mark mark = follower.mark();
      try {
        return mark.tree().access().read(caller, query);
      } catch (FsException e) {
        if (!isGone(e) || tries == TRIES_MAX) {
          throw e;
        }
        follower.goOn(caller, mark, e);
      }
    }
  }

  @Override
  public void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone {
    Follower.Mark mark = follower.mark();
    try {
      mark.tree().reader().fill(caller, runs);
    } catch (FsException e) {
      if (!isGone(e)) {
        throw e;
      }
      follower.goOn(caller, mark, e);
      // What is newer may have the bytes elsewhere: they are to be looked up again.
      throw new SegmentGone(runs.getFirst().nonce());
    }
  }

  @Override
  public long prefetchRoom() {
    return follower.mark().tree().reader().prefetchRoom();
  }

  @Override
  public void prefetch(List<Extent> extents) {
    follower.mark().tree().reader().prefetch(extents);
  }

  /** Whether it failed because an object is not there. */
  private static boolean isGone(FsException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException.Missing) {
        return true;
      }
    }
    return false;
  }
}
