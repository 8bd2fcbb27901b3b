package io.strata.fs;

import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What the filesystem's rules need of a volume: its metadata, changed group by group, and its data.
 *
 * <p>Safe for any number of threads. Every method that takes a {@link Caller} obeys {@link
 * Caller#mayWait}: where it would wait for the store, or for memory to become free, it throws
 * {@link WouldBlock} instead and has changed nothing. One that is interrupted while it waits throws
 * {@link Errno#EINTR}; where the store or what it holds fails for good, {@link Errno#EIO}; a volume
 * that another owner has taken or that is closed, {@link Errno#ESTALE}. No lock is held while it
 * waits.
 */
public interface Engine {
  /** The most bytes that are appended as one run. */
  long APPEND_BYTES_MAX = 8L << 20;

  /** Runs a query under the shared lock. */
  <T> T read(Caller caller, Query<T> query) throws FsException;

  /**
   * Runs an operation under the exclusive lock, applies its mutations and hands the group to the
   * replay log: it is visible to everything that runs after, and durable after the next {@link
   * #sync}. Keeps the volume's counters and the segments' live bytes by comparing what the
   * mutations replace. Tells the caller's listener, if there is one, before the log.
   */
  <T> T write(Caller caller, Operation<T> operation) throws FsException;

  /**
   * Appends bytes to the open segment. They are copied before this returns.
   *
   * @param bytes 1 to {@link #APPEND_BYTES_MAX}
   * @param ino the file that they are for
   * @param fileOffset where in it; with {@code ino} a hint for whoever salvages a volume without a
   *     tree
   */
  Appended append(Caller caller, MemorySegment bytes, Ino ino, long fileOffset) throws FsException;

  /**
   * Fills all targets from memory, the caches or the store, in parallel where it must read.
   *
   * @throws SegmentGone if a segment was deleted; targets hold anything then
   */
  void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone;

  /**
   * How many bytes there is room for to be loaded now before anybody reads them; 0 while it is too
   * little to be worth a request.
   */
  long prefetchRoom();

  /** Begins to load extents into the cache. Returns at once; failures are of no consequence. */
  void prefetch(List<Extent> extents);

  /** Waits until everything that was written before is durable. */
  void sync(Caller caller) throws FsException;

  /** The epoch that operations run in; of a volume that is only read, the newest. */
  Epoch epoch();

  /** A fresh inode number. */
  Ino newIno() throws FsException;

  /** Runs a task soon, on a thread that may wait. It is interrupted when the volume closes. */
  void background(Runnable task);

  /**
   * Bytes that were appended. Their segment is kept until this is closed, which the writer does as
   * soon as the group that refers to them is written, or never will be.
   */
  interface Appended extends AutoCloseable {
    /** Where they are. */
    Extent extent();

    @Override
    void close();
  }
}
