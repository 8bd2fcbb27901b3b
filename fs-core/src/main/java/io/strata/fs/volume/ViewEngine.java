package io.strata.fs.volume;

import io.strata.fs.Caller;
import io.strata.fs.DataRun;
import io.strata.fs.Engine;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.Operation;
import io.strata.fs.Query;
import io.strata.fs.SegmentGone;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Runs queries on a volume that is open for reading; whatever would change it is EROFS. */
final class ViewEngine implements Engine {
  private final Sight sight;
  private final BackgroundTasks tasks;
  private final Epoch epoch;

  /** What can be seen of a volume; its methods are as those of {@link Engine}. */
  interface Sight {
    <T> T read(Caller caller, Query<T> query) throws FsException;

    void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone;

    long prefetchRoom();

    void prefetch(List<Extent> extents);
  }

  /** A volume that stays as it is. */
  record StillSight(TreeAccess access, DataReader reader) implements Sight {
    @Override
    public <T> T read(Caller caller, Query<T> query) throws FsException {
      return access.read(caller, query);
    }

    @Override
    public void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone {
      reader.fill(caller, runs);
    }

    @Override
    public long prefetchRoom() {
      return reader.prefetchRoom();
    }

    @Override
    public void prefetch(List<Extent> extents) {
      reader.prefetch(extents);
    }
  }

  ViewEngine(Sight sight, BackgroundTasks tasks, Epoch epoch) {
    this.sight = sight;
    this.tasks = tasks;
    this.epoch = epoch;
  }

  @Override
  public <T> T read(Caller caller, Query<T> query) throws FsException {
    return sight.read(caller, query);
  }

  @Override
  public <T> T write(Caller caller, Operation<T> operation) throws FsException {
    throw readOnly();
  }

  @Override
  public Appended append(Caller caller, MemorySegment bytes, Ino ino, long fileOffset)
      throws FsException {
    throw readOnly();
  }

  @Override
  public void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone {
    sight.fill(caller, runs);
  }

  @Override
  public long prefetchRoom() {
    return sight.prefetchRoom();
  }

  @Override
  public void prefetch(List<Extent> extents) {
    sight.prefetch(extents);
  }

  @Override
  public void sync(Caller caller) {
    // Nothing was written.
  }

  @Override
  public Epoch epoch() {
    return epoch;
  }

  @Override
  public Ino newIno() throws FsException {
    throw readOnly();
  }

  @Override
  public void background(Runnable task) {
    tasks.start(task);
  }

  private static FsException readOnly() {
    return new FsException(Errno.EROFS, "the volume is open for reading only");
  }
}
