package io.strata.fs.volume;

import io.strata.fs.Caller;
import io.strata.fs.DataRun;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.Query;
import io.strata.fs.SegmentGone;
import io.strata.fs.schema.Extent;
import java.util.List;
import java.util.function.Predicate;

/**
 * A state that a volume has left: what it was, or an error, never anything else.
 *
 * @param below the state
 * @param letGo whether something failed because the state is kept no longer
 * @param name what it was asked for by
 */
record PastSight(ViewEngine.Sight below, Predicate<FsException> letGo, String name)
    implements ViewEngine.Sight {
  @Override
  public <T> T read(Caller caller, Query<T> query) throws FsException {
    try {
      return below.read(caller, query);
    } catch (FsException e) {
      throw explained(e);
    }
  }

  @Override
  public void fill(Caller caller, List<DataRun> runs) throws FsException {
    try {
      below.fill(caller, runs);
    } catch (FsException e) {
      throw explained(e);
    } catch (SegmentGone e) {
      throw new FsException(
          Errno.EIO,
          "bytes of a moment between two checkpoints that were replaced before the second are not"
              + " kept: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public long prefetchRoom() {
    return below.prefetchRoom();
  }

  @Override
  public void prefetch(List<Extent> extents) {
    below.prefetch(extents);
  }

  private FsException explained(FsException e) {
    if (e.errno() != Errno.EIO || !letGo.test(e)) {
      return e;
    }
    return new FsException(Errno.ESTALE, KeptStore.gone(name), e);
  }
}
