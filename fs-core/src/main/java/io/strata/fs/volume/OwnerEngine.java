package io.strata.fs.volume;

import io.strata.btree.PageMissing;
import io.strata.fs.Caller;
import io.strata.fs.Change;
import io.strata.fs.DataRun;
import io.strata.fs.Engine;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.GroupListener;
import io.strata.fs.Operation;
import io.strata.fs.Query;
import io.strata.fs.SegmentGone;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.Timestamp;
import io.strata.platform.Clock;
import io.strata.replay.ReplayFailure;
import io.strata.replay.ReplayLog;
import io.strata.segment.FencedException;
import io.strata.segment.Placement;
import io.strata.segment.SegmentLog;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations on a volume that this process owns.
 *
 * <p>Safe for any thread. A group is encoded, handed to the log and applied under the exclusive
 * lock, so that the log's order is the order of effects.
 */
final class OwnerEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerEngine.class);

  private final TreeAccess access;
  private final DataReader reader;
  private final SegmentLog segments;
  private final SegmentUse use;
  private final ReplayLog log;
  private final Clock clock;
  private final Epoch epoch;
  private final CheckpointBudget budget;
  private final BackgroundTasks tasks;
  private final Lease lease;
  private final Runnable changed;
  private final WritePace pace;
  private final AtomicLong lastIno = new AtomicLong();

  /** The last group that an operation asked for; those of Strata's own need no sync. */
  private volatile long lastGroup;

  /** Groups of Strata's own that wait until the state is replaced; guarded by the lock. */
  private final List<List<Mutation>> deferred = new ArrayList<>();

  private boolean deferring;

  private volatile @Nullable FsException failure;

  /**
   * An engine for a volume that has been recovered.
   *
   * @param changed called, under the lock, after each group of an operation
   */
  OwnerEngine(
      TreeAccess access,
      DataReader reader,
      SegmentLog segments,
      SegmentUse use,
      ReplayLog log,
      Clock clock,
      Epoch epoch,
      CheckpointBudget budget,
      BackgroundTasks tasks,
      Lease lease,
      Runnable changed) {
    this.access = access;
    this.reader = reader;
    this.segments = segments;
    this.use = use;
    this.log = log;
    this.clock = clock;
    this.pace = new WritePace(clock);
    this.epoch = epoch;
    this.budget = budget;
    this.tasks = tasks;
    this.lease = lease;
    this.changed = changed;
  }

  @Override
  public <T> T read(Caller caller, Query<T> query) throws FsException {
    requireOwned(caller);
    return access.read(caller, query);
  }

  @Override
  public <T> T write(Caller caller, Operation<T> operation) throws FsException {
    while (true) {
      requireOwned(caller);
      admit(caller);
      Optional<Done<T>> done = access.write(caller, () -> attempt(caller, operation));
      if (done.isPresent()) {
        return done.get().result();
      }
    }
  }

  /** What an operation came to. */
  private record Done<T>(T result) {}

  /** Runs an operation under the exclusive lock; empty if it was held back since it was admitted. */
  private <T> Optional<Done<T>> attempt(Caller caller, Operation<T> operation)
      throws PageMissing, FsException {
    requireUsable();
    if (budget.isHeld()) {
      return Optional.empty();
    }
    Change<T> change = operation.run(access.view(), Timestamp.of(clock.now()));
    if (!change.mutations().isEmpty()) {
      lastGroup = commit(change.mutations(), caller.listener());
      changed.run();
    }
    return Optional.of(new Done<>(change.result()));
  }

  /**
   * Commits a group of Strata's own, which no sync needs to wait for; later, if the state is just
   * being replaced.
   */
  void writeQuietly(List<Mutation> mutations) throws FsException {
    access.write(
        Caller.ROOT,
        () -> {
          if (deferring) {
            deferred.add(mutations);
          } else {
            commit(mutations, null);
          }
          return true;
        });
  }

  /** Lets no operation change anything until {@link #resume}; when it returns none is under way. */
  void hold() throws FsException {
    budget.hold();
    access.write(Caller.ROOT, () -> true);
  }

  /** Lets Strata's own groups wait too: the state is going to be replaced. */
  void defer() throws FsException {
    access.write(Caller.ROOT, () -> deferring = true);
  }

  /** The segments that groups which wait are about. */
  Set<Nonce> deferredSegments() throws FsException {
    return access.write(
        Caller.ROOT,
        () -> {
          Set<Nonce> segments = new HashSet<>();
          for (List<Mutation> group : deferred) {
            for (Mutation mutation : group) {
              if (mutation instanceof Mutation.SegmentPut put) {
                segments.add(put.nonce());
              }
            }
          }
          return segments;
        });
  }

  /** Commits what waits, and lets operations go on. */
  void resume() throws FsException {
    try {
      access.write(
          Caller.ROOT,
          () -> {
            for (List<Mutation> group : deferred) {
              access.state().touch(group);
            }
            for (List<Mutation> group : deferred) {
              commit(group, null);
            }
            deferred.clear();
            deferring = false;
            return true;
          });
    } finally {
      budget.release();
    }
  }

  private long commit(List<Mutation> mutations, @Nullable GroupListener listener)
      throws PageMissing, FsException {
    VolumeState state = access.state();
    byte[] group = MutationCodec.encode(mutations);
    state.touch(mutations);
    if (listener != null) {
      // First, so that whoever finds the group in the log finds it told.
      listener.writing(log.lastAppended() + 1, mutations);
    }
    long number;
    try {
      number = log.append(group);
    } catch (ReplayFailure e) {
      throw notDurable(e);
    }
    try {
      state.apply(mutations);
    } catch (IllegalStateException e) {
      // The log has a group that memory has not: only replay can tell what is true.
      fail(new FsException(Errno.EIO, "volume stopped: " + e.getMessage(), e));
      throw e;
    }
    state.tree().trim();
    return number;
  }

  @Override
  public Appended append(Caller caller, MemorySegment bytes, Ino ino, long fileOffset)
      throws FsException {
    requireOwned(caller);
    if (pace.isSlowed() || !segments.tryAdmit(bytes.byteSize())) {
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      awaitTurn(bytes.byteSize());
      access.waits().await(() -> awaitRoom(bytes.byteSize()));
    }
    Placement placement = use.append(segments, bytes, ino.value(), fileOffset);
    Extent extent =
        new Extent(
            fileOffset, bytes.byteSize(), placement.nonce(), placement.logicalOffset());
    return new Pinned(use, extent);
  }

  /** How fast those who write may go. */
  WritePace pace() {
    return pace;
  }

  /** It is not the store that is waited for here: no limit to that applies. */
  private void awaitTurn(long bytes) throws FsException {
    try {
      pace.await(bytes);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void awaitRoom(long bytes) throws FsException {
    try {
      segments.admit(bytes);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (FencedException e) {
      throw new FsException(Errno.ESTALE, String.valueOf(e.getMessage()), e);
    }
  }

  private static FsException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new FsException(Errno.EINTR, "interrupted while waiting to write", cause);
  }

  /** An append whose segment is pinned until it is closed. */
  private static final class Pinned implements Appended {
    private final SegmentUse use;
    private final Extent extent;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Pinned(SegmentUse use, Extent extent) {
      this.use = use;
      this.extent = extent;
    }

    @Override
    public Extent extent() {
      return extent;
    }

    @Override
    public void close() {
      if (open.getAndSet(false)) {
        use.unpin(extent.nonce());
      }
    }
  }

  @Override
  public void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone {
    requireOwned(caller);
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

  @Override
  public void sync(Caller caller) throws FsException {
    long group = lastGroup;
    requireUsable();
    if (log.lastCommitted() >= group) {
      requireOwned(caller);
      return;
    }
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    access.waits().await(() -> sync(group));
  }

  /** Makes durable, for however long that takes, what operations have asked for so far. */
  void flush() throws FsException {
    sync(lastGroup);
  }

  private void sync(long group) throws FsException {
    try {
      log.sync(group);
    } catch (ReplayFailure e) {
      throw notDurable(e);
    }
  }

  @Override
  public Epoch epoch() {
    return epoch;
  }

  @Override
  public Ino newIno() {
    return Ino.of(epoch, lastIno.incrementAndGet());
  }

  @Override
  public void background(Runnable task) {
    tasks.start(task);
  }

  /** Ends every operation from now on with {@code why}, unless an earlier reason stands. */
  synchronized void fail(FsException why) {
    if (failure == null) {
      LOG.debug("the volume takes no more operations: {}", why.getMessage());
      failure = why;
    }
  }

  /** Whether an operation may begin: it may wait until the store says that the volume is ours. */
  private void requireOwned(Caller caller) throws FsException {
    if (!lease.holds()) {
      CompletableFuture<Void> gate = lease.gate();
      if (!gate.isDone()) {
        if (!caller.mayWait()) {
          throw new WouldBlock();
        }
        access.waits().await(() -> Lease.await(gate));
      }
    }
    requireUsable();
  }

  private void requireUsable() throws FsException {
    FsException why = failure;
    if (why != null) {
      throw new FsException(why.errno(), String.valueOf(why.getMessage()), why);
    }
  }

  private void admit(Caller caller) throws FsException {
    if (budget.hasRoom() && log.tryAdmit()) {
      return;
    }
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    access.waits().await(this::awaitCheckpointAndLog);
  }

  private void awaitCheckpointAndLog() throws FsException {
    try {
      budget.awaitRoom();
      log.admit();
    } catch (ReplayFailure e) {
      throw notDurable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted while waiting for a checkpoint", e);
    }
  }

  private static FsException notDurable(ReplayFailure e) {
    Errno errno =
        switch (e) {
          case ReplayFailure.Fenced fenced -> Errno.ESTALE;
          case ReplayFailure.Closed closed -> Errno.ESTALE;
          case ReplayFailure.Refused refused -> Errno.EIO;
          case ReplayFailure.Interrupted interrupted -> Errno.EINTR;
        };
    return new FsException(errno, String.valueOf(e.getMessage()), e);
  }
}
