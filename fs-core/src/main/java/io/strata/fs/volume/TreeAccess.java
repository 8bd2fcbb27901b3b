package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.PageMissing;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.Query;
import io.strata.fs.WouldBlock;
import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The volume's lock and the rule that goes with it: what meets a page that is not in memory leaves
 * the lock, loads the page and starts again.
 */
final class TreeAccess {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final VolumeState state;
  private final TreeView view;
  private final long pageBytesMax;
  private final StoreWaits waits;

  TreeAccess(VolumeState state, TreeView view, long pageBytesMax, StoreWaits waits) {
    this.state = state;
    this.view = view;
    this.pageBytesMax = pageBytesMax;
    this.waits = waits;
  }

  /** Access to the tree of a head. */
  static TreeAccess of(
      BTree tree, Head head, VolumeDescriptor volume, VolumeLimits limits, StoreWaits waits) {
    VolumeState state =
        new VolumeState(tree, head.counters().inodes(), head.counters().usedBytes());
    return new TreeAccess(
        state, new TreeView(state, volume.capacityBytes()), limits.pageBytesMax(), waits);
  }

  /** What may be read under either lock and changed under the exclusive one. */
  VolumeState state() {
    return state;
  }

  TreeView view() {
    return view;
  }

  /** The operations that wait for pages of the tree, and for whatever else is in the store. */
  StoreWaits waits() {
    return waits;
  }

  /** A step under a lock that can be started again until it meets no missing page. */
  @FunctionalInterface
  interface Step<T, X extends Exception> {
    T run() throws PageMissing, X;
  }

  /** How a step's missing page comes into memory. */
  @FunctionalInterface
  private interface Loader<X extends Exception> {
    void load(PageMissing missing) throws X;
  }

  /** Runs a query under the shared lock. */
  <T> T read(Caller caller, Query<T> query) throws FsException {
    return run(lock.readLock(), () -> query.run(view), missing -> load(caller, missing));
  }

  /** Runs a step under the exclusive lock. */
  <T> T write(Caller caller, Step<T, FsException> step) throws FsException {
    return run(lock.writeLock(), step, missing -> load(caller, missing));
  }

  /**
   * Runs a step of Strata's own under the shared lock, waiting for pages as it must. It is no
   * operation: nobody counts it among those that wait.
   */
  <T> T shared(Step<T, IOException> step) throws IOException {
    return run(
        lock.readLock(),
        step,
        missing -> {
          missing.load();
          trim();
        });
  }

  /** Runs a step of Strata's own under the exclusive lock, waiting for pages as it must. */
  <T> T exclusively(Step<T, IOException> step) throws IOException {
    return run(lock.writeLock(), step, PageMissing::load);
  }

  /** A change of Strata's own, which can be started again until it meets no missing page. */
  @FunctionalInterface
  interface Update {
    void run() throws PageMissing, IOException;
  }

  /** Makes a change of Strata's own under the exclusive lock, waiting for pages as it must. */
  void update(Update change) throws IOException {
    exclusively(
        () -> {
          change.run();
          return true;
        });
  }

  private static <T, X extends Exception> T run(Lock held, Step<T, X> step, Loader<X> loader)
      throws X {
    while (true) {
      PageMissing missing;
      held.lock();
      try {
        return step.run();
      } catch (PageMissing e) {
        missing = e;
      } finally {
        held.unlock();
      }
      loader.load(missing);
    }
  }

  private void load(Caller caller, PageMissing missing) throws FsException {
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    waits.await(() -> load(missing));
    trim();
  }

  private void trim() {
    if (state.tree().residentBytes() > pageBytesMax) {
      lock.writeLock().lock();
      try {
        state.tree().trim();
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  private static void load(PageMissing missing) throws FsException {
    try {
      missing.load();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** What a caller is told when the store fails it. */
  static FsException failure(IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new FsException(Errno.EINTR, "interrupted", e);
    }
    return new FsException(Errno.EIO, String.valueOf(e.getMessage()), e);
  }
}
