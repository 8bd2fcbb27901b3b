package io.strata.fs.volume;

import io.strata.btree.FrozenTree;
import io.strata.btree.PageAddress;
import io.strata.btree.PageMissing;
import io.strata.checkpoint.EarlierCommit;
import io.strata.checkpoint.PackWriter;
import io.strata.checkpoint.SnapshotChange;
import io.strata.checkpoint.WrittenPack;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.PackRecord;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.replay.ReplayFailure;
import io.strata.replay.ReplayLog;
import io.strata.replay.format.LogPosition;
import io.strata.segment.SealedSegment;
import io.strata.segment.SegmentLog;
import io.strata.segment.format.SegmentIndex;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the tree down while operations go on.
 *
 * <p>A checkpoint: under the exclusive lock, seal the open segment, fold live bytes into the tree,
 * note the log's position and freeze the tree; then, without a lock, wait until every segment is
 * stored that the frozen tree refers to, or of which log entries before that position carry bytes;
 * write the tree's pages, and commit a head that names its root and the position. The order matters:
 * a head is the promise that all it leads to is in the bucket.
 *
 * <p>What only becomes known while the pages are written (indexes of segments sealed at the last
 * moment, the packs themselves) is carried by the head as mutations.
 *
 * <p>One checkpoint runs at a time; safe for any thread.
 */
final class Checkpointer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final TreeAccess access;
  private final SegmentLog segments;
  private final SegmentUse use;
  private final ReplayLog log;
  private final HeadKeeper heads;
  private final Supplier<PackWriter> packs;
  private final DeadObjects dead;
  private final CheckpointBudget budget;
  private final Coverage coverage;
  private final Runnable ending;
  private final Platform platform;
  private final Deadline interval;

  /** Checkpoints that nobody waits for. */
  private final BackgroundTasks background;

  private final ReentrantLock running = new ReentrantLock();
  private final AtomicBoolean requested = new AtomicBoolean();

  /** Whether the tree differs from the newest head's by more than Strata's own bookkeeping. */
  private volatile boolean due;

  /** What the newest head carries that the tree has not taken over yet; guarded by running. */
  private List<Mutation> carried;

  private Runnable afterwards = () -> {};
  private Runnable whenDue = () -> {};
  private volatile boolean abandoned;
  private volatile boolean unsure;
  private volatile CheckpointReport last = CheckpointReport.NONE;

  /** Learns what a head is going to hold before it is committed. */
  @FunctionalInterface
  interface Coverage {
    /**
     * A head with this number is about to be committed.
     *
     * @param lastGroup the last group of this epoch that its tree holds
     */
    void committing(long head, long lastGroup);
  }

  Checkpointer(
      TreeAccess access,
      SegmentLog segments,
      SegmentUse use,
      ReplayLog log,
      HeadKeeper heads,
      DeadObjects dead,
      Supplier<PackWriter> packs,
      List<Mutation> carried,
      CheckpointBudget budget,
      Coverage coverage,
      Runnable ending,
      Platform platform,
      Duration every) {
    this.access = access;
    this.segments = segments;
    this.use = use;
    this.log = log;
    this.heads = heads;
    this.dead = dead;
    this.packs = packs;
    this.carried = List.copyOf(carried);
    this.budget = budget;
    this.coverage = coverage;
    this.ending = ending;
    this.platform = platform;
    this.interval = new Deadline(platform.clock(), every, this::request);
    this.background = new BackgroundTasks(platform.waiting());
    budget.whenFull(this::request);
  }

  /** Says what is to be begun after each checkpoint but the last; before the first of them. */
  void afterEach(Runnable task) {
    afterwards = task;
  }

  /** Says what is to be done, at once, by everybody who finds that a checkpoint is to come early. */
  void whenDue(Runnable task) {
    whenDue = task;
  }

  /** Notes that the tree has changed: a checkpoint follows, in a while or soon. */
  void changed() {
    due = true;
    interval.arm();
    if (budget.wantsCheckpoint()) {
      request();
      whenDue.run();
    }
  }

  /** Has a checkpoint made in the background, unless one is about to begin. */
  void request() {
    if (requested.compareAndSet(false, true)) {
      background.start(this::runRequested);
    }
  }

  private void runRequested() {
    try {
      checkpoint();
    } catch (IOException | RuntimeException e) {
      LOG.debug("checkpoint failed", e);
      if (abandoned) {
        return;
      }
      LOG.warn("checkpoint failed and will be tried again: {}", e.getMessage());
      requested.set(false);
      interval.arm();
    }
  }

  CheckpointReport last() {
    return last;
  }

  /**
   * Writes down everything that has happened so far; does nothing if nothing has.
   *
   * @throws VolumeException if the volume was taken over by somebody else
   */
  void checkpoint() throws IOException {
    running.lock();
    try {
      requested.set(false);
      if (due && !abandoned) {
        write(HeadState.OPEN, SnapshotChange.NONE);
        collectGarbage();
        afterwards.run();
      }
    } finally {
      running.unlock();
    }
  }

  /** Whether checkpoints still pin so much that the next heads let some of them go. */
  boolean isLettingGo() {
    return dead.pinned().passes();
  }

  /** As {@link #checkpoint}, also if nothing has happened: garbage may go for it. */
  void checkpointAnyway() throws IOException {
    due = true;
    checkpoint();
  }

  /** Says what is to become of the snapshots, once the newest head is known for certain. */
  @FunctionalInterface
  interface SnapshotEdit {
    /**
     * What the next head is to change.
     *
     * @throws VolumeException if that cannot be done
     */
    SnapshotChange of(Head newest) throws VolumeException;
  }

  /**
   * Commits a head that changes the snapshots, and is a checkpoint of all that has happened before.
   *
   * @return the head
   * @throws VolumeException if the volume was taken over by somebody else, or by {@code edit}
   */
  Head changeSnapshots(SnapshotEdit edit) throws IOException {
    running.lock();
    try {
      Head made = commit(edit);
      collectGarbage();
      afterwards.run();
      return made;
    } finally {
      running.unlock();
    }
  }

  private Head commit(SnapshotEdit edit) throws IOException {
    requireOwned();
    while (true) {
      SnapshotChange change = edit.of(heads.current().head());
      try {
        if (due) {
          write(HeadState.OPEN, change);
        } else {
          coverage.committing(heads.nextNumber(), log.lastAppended());
          heads.commitSame(heads.current().head().replayFrom(), HeadState.OPEN, change);
        }
        return heads.current().head();
      } catch (EarlierCommit e) {
        // Each stands for one attempt whose outcome was not known, so this comes to an end.
        LOG.debug("{}", e.getMessage());
      }
    }
  }

  /** Works out a state that is to replace the one that a head holds. */
  interface Replacing {
    /** Every segment that operations refer to is recorded in the tree. */
    void settled() throws IOException;

    /**
     * The state.
     *
     * @param left the newest head, which holds all that has happened
     */
    Rollback.Prepared prepare(Head left) throws IOException;
  }

  /**
   * Commits a head of all that has happened, and behind it one of another state, which is the
   * volume's from then on. While this runs nobody changes anything. Whoever comes after a crash finds
   * the one head or the other.
   *
   * @param edit what the first head changes about the snapshots
   * @return both heads
   * @throws IOException if it was not done. If {@link #isUnsure}, whether it was is not known, and
   *     nobody may go on with the volume
   */
  Replaced replace(SnapshotEdit edit, Replacing replacing) throws IOException {
    running.lock();
    try {
      segments.roll();
      for (SealedSegment segment : segments.unindexed()) {
        join(segment.index());
      }
      replacing.settled();
      Head left = commit(edit);
      Rollback.Prepared prepared = replacing.prepare(left);
      unsure = true;
      access.update(() -> access.state().become(prepared.state()));
      carried = List.of();
      due = true;
      log.turn(heads.nextNumber());
      write(HeadState.OPEN, SnapshotChange.NONE, prepared.counters());
      unsure = false;
      Head made = heads.current().head();
      collectGarbage();
      return new Replaced(left, made);
    } finally {
      running.unlock();
    }
  }

  /**
   * The heads of a {@link #replace}.
   *
   * @param left the state that was left
   * @param made the state that is the volume's now
   */
  record Replaced(Head left, Head made) {}

  /** Whether memory holds a state that the newest head may not have. */
  boolean isUnsure() {
    return unsure;
  }

  private void requireOwned() throws VolumeException {
    if (abandoned) {
      throw new VolumeException(Reason.FENCED, "the volume is not this process's any more");
    }
  }

  /** Writes down everything and a head that says that the volume has no owner any more. */
  void close() throws IOException {
    running.lock();
    try {
      interval.close();
      if (due) {
        segments.roll();
        awaitIndexes();
        write(HeadState.CLOSED, SnapshotChange.NONE);
      } else {
        coverage.committing(heads.nextNumber(), log.lastAppended());
        ending.run();
        heads.commitSame(log.place(), HeadState.CLOSED, SnapshotChange.NONE);
      }
    } finally {
      running.unlock();
      budget.close();
    }
  }

  /**
   * Begins no more checkpoints. One that runs in the background is interrupted, and does not wait on
   * for a store that is away; any other fails at its next request.
   */
  void abandon() {
    abandoned = true;
    interval.close();
    background.cancel();
  }

  /** What is frozen at one moment. */
  private record Frozen(
      FrozenTree tree,
      LogPosition replayFrom,
      long logBytes,
      long lastGroup,
      long inodes,
      long usedBytes,
      List<SealedSegment> unacknowledged,
      List<SealedSegment> unindexed) {}

  private void write(HeadState state, SnapshotChange snapshots) throws IOException {
    write(state, snapshots, heads.current().head().counters());
  }

  /**
   * Writes a checkpoint.
   *
   * @param before counters of what the tree was when it was last written
   */
  private void write(HeadState state, SnapshotChange snapshots, TreeCounters before)
      throws IOException {
    long start = platform.clock().nanoTime();
    Frozen frozen = access.exclusively(this::freeze);
    carried = List.of();
    budget.changed();
    try {
      await(frozen.unacknowledged());
      long number = heads.nextNumber();
      StoredTree stored = store(frozen, number);
      List<Mutation> bookkeeping = new ArrayList<>();
      List<WrittenPack> written = stored.packs();
      for (WrittenPack pack : written) {
        PackRecord record =
            new PackRecord(pack.objectBytes(), pack.pages(), pack.pageBytes(), number);
        bookkeeping.add(new Mutation.PackPut(pack.nonce(), record));
      }
      bookkeeping.addAll(
          access.exclusively(
              () -> PackUse.superseded(access.state(), frozen.tree().superseded(), number)));
      List<Mutation> carry = new ArrayList<>(stored.late());
      carry.addAll(bookkeeping);
      coverage.committing(number, frozen.lastGroup());
      if (state == HeadState.CLOSED) {
        ending.run();
      }
      heads.commit(
          stored.root(),
          counters(before, frozen, written, bookkeeping),
          // No operation has changed anything since then, but the owner may have shown that he lives.
          state == HeadState.CLOSED ? log.place() : frozen.replayFrom(),
          MutationCodec.encode(carry),
          state,
          snapshots);
      access.update(
          () -> {
            frozen.tree().commit();
            access.state().tree().trim();
          });
      carried = bookkeeping;
      last =
          last.next(
              platform.clock().nanoTime() - start,
              frozen.tree().pagesWritten(),
              frozen.tree().bytesWritten());
    } catch (IOException | RuntimeException e) {
      due = true;
      abandon(frozen, e);
      if (isFenced(e)) {
        log.fence(new ReplayFailure.Fenced(String.valueOf(e.getMessage()), e));
      }
      throw e;
    }
    budget.checkpointed(frozen.logBytes());
  }

  /**
   * A frozen tree that is in the store.
   *
   * @param late what only became known while its pages were written
   */
  private record StoredTree(PageAddress root, List<Mutation> late, List<WrittenPack> packs) {}

  private StoredTree store(Frozen frozen, long number) throws IOException {
    // Closed, or packs of a checkpoint that has failed would go on being sent.
    try (PackWriter writer = packs.get()) {
      PageAddress root = frozen.tree().write(writer);
      List<Mutation> late = late(frozen.unindexed(), number);
      return new StoredTree(root, late, writer.finish());
    }
  }

  private static TreeCounters counters(
      TreeCounters before,
      Frozen frozen,
      List<WrittenPack> written,
      List<Mutation> bookkeeping) {
    long packBytes = before.packBytes();
    for (WrittenPack pack : written) {
      packBytes += pack.objectBytes();
    }
    for (Mutation mutation : bookkeeping) {
      if (mutation instanceof Mutation.DeadPut dead) {
        packBytes -= dead.object().storedBytes();
      }
    }
    long pages =
        before.pages() + frozen.tree().pagesWritten() - frozen.tree().superseded().size();
    return new TreeCounters(frozen.inodes(), frozen.usedBytes(), pages, packBytes);
  }

  /** Waits until the store has what the frozen tree, or a group that will be replayed, refers to. */
  private static void await(List<SealedSegment> segments) throws IOException {
    for (SealedSegment segment : segments) {
      join(segment.stored());
    }
  }

  private static <T> T join(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the store");
    } catch (ExecutionException e) {
      throw new IOException("not stored: " + e.getMessage(), e);
    }
  }

  /** Gives the segments that were just sealed time to be compressed, so that the tree has them. */
  private void awaitIndexes() throws IOException {
    for (SealedSegment segment : segments.unacknowledged()) {
      join(segment.index());
    }
  }

  private static List<Mutation> late(List<SealedSegment> segments, long head)
      throws IOException {
    List<Mutation> records = new ArrayList<>();
    for (SealedSegment segment : segments) {
      records.add(record(join(segment.index()), head));
    }
    return records;
  }

  /** What the tree is to know of a segment that head {@code head} is the first to refer to. */
  static Mutation.SegmentPut record(SegmentIndex index, long head) {
    return new Mutation.SegmentPut(
        index.nonce(), new SegmentRecord(head, ByteString.of(index.encode())));
  }

  /** The checkpoint is committed, whatever becomes of this. */
  private void collectGarbage() {
    try {
      List<Mutation> more = new ArrayList<>(carried);
      more.addAll(dead.delete(Set.copyOf(carried)));
      carried = more;
      if (dead.pinned().passes()) {
        // Nothing else may come that would let go of so much; then this costs a few heads.
        changed();
      }
    } catch (IOException e) {
      LOG.warn("garbage stays until the next checkpoint: {}", e.getMessage());
    }
  }

  private static boolean isFenced(Exception e) {
    return e instanceof ReplayFailure.Fenced
        || (e instanceof VolumeException lost
            && lost.reason() == VolumeException.Reason.FENCED);
  }

  private void abandon(Frozen frozen, Exception why) {
    try {
      access.update(() -> frozen.tree().close());
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private Frozen freeze() throws PageMissing, IOException {
    VolumeState state = access.state();
    segments.roll();
    List<SealedSegment> unindexed = new ArrayList<>();
    List<Mutation> indexed = new ArrayList<>();
    for (SealedSegment segment : segments.unindexed()) {
      if (state.tree().get(TreeKeys.segment(segment.nonce())) != null) {
        continue;
      }
      if (segment.index().isDone() && !segment.index().isCompletedExceptionally()) {
        indexed.add(record(segment.index().resultNow(), heads.nextNumber()));
      } else {
        unindexed.add(segment);
      }
    }
    state.touch(indexed);
    state.touch(carried);
    SegmentUse.Fold fold = use.fold(state, heads.nextNumber());
    state.touch(fold.mutations());
    LogPosition replayFrom = log.cut();
    long logBytes = log.cutBytes();
    // Bytes are appended without the lock: since the segment was sealed another may have been opened,
    // and entries before this place may carry bytes of it for groups behind it. So it goes too.
    segments.roll();
    List<SealedSegment> unacknowledged = segments.unacknowledged();
    state.apply(indexed);
    state.apply(carried);
    state.apply(fold.mutations());
    use.applied(fold);
    state.clearLiveChanges();
    budget.frozen();
    due = false;
    interval.disarm();
    return new Frozen(
        state.tree().freeze(),
        replayFrom,
        logBytes,
        log.lastAppended(),
        state.inodes(),
        state.usedBytes(),
        unacknowledged,
        unindexed);
  }
}
