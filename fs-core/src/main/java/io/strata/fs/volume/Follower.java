package io.strata.fs.volume;

import io.strata.checkpoint.Retention;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.replay.format.LogPosition;
import io.strata.segment.BlockReader;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link FollowedTree} at the end of a volume's logs.
 *
 * <p>A poll looks for a newer head, then reads the log on. Where nothing is new it makes sure that
 * this is no gap: the owner may have made many heads since, and deleted those that come next and the
 * log behind them. That is one request each. It moves to a newer head (<em>rebases</em>) when the log cannot lead on from the one that it
 * stands on, when memory wants it, and long before that head leaves the owner's retention.
 *
 * <p>Invariants: what is shown never goes back; one poll runs at a time.
 *
 * <p>Safe for any thread.
 */
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** An owner who wants space back keeps the newest heads alone, and what they lead to. */
  private static final int HEADS_BEHIND_MAX = Retention.RECENT_MIN / 2;

  /** Of looks that cannot tell whether they miss a head, so many are lists, which can. */
  private static final int LOOKS_PER_LIST = 8;

  private final Opening.Followed volume;
  private final VolumeLimits limits;
  private final BlockReader blocks;
  private final Platform platform;
  private final PollPace pace;
  private final ReentrantLock polling = new ReentrantLock();

  // Guarded by polling.
  private int looks;

  /** Where the log was when heads were last listed because the entry before was gone. */
  private @Nullable LogPosition listedAt;

  /** A head that it could not move to. */
  private long refusedHead;

  private volatile StoredHead newest;
  private volatile FollowedTree shown;
  private final AtomicLong polls = new AtomicLong();
  private final AtomicLong rebases = new AtomicLong();
  private final AtomicLong earlierGroups = new AtomicLong();
  private volatile String failing = "";
  private volatile @Nullable FsException broken;

  // Guarded by this.
  private @Nullable CompletableFuture<Void> underway;
  private @Nullable Thread poller;
  private Clock.@Nullable Timer timer;
  private boolean closed;

  /** What is shown at a moment: as long as it is the same, nothing new has been seen. */
  record Mark(FollowedTree tree, LogCursor cursor) {}

  private Follower(
      Opening.Followed volume,
      VolumeLimits limits,
      BlockReader blocks,
      Platform platform,
      PollPace pace,
      FollowedTree shown) {
    this.volume = volume;
    this.limits = limits;
    this.blocks = blocks;
    this.platform = platform;
    this.pace = pace;
    this.newest = volume.newest();
    this.shown = shown;
  }

  /** Reads what there is, and goes on from there. */
  static Follower start(
      Opening.Followed volume,
      VolumeLimits limits,
      BlockReader blocks,
      Platform platform,
      PollPace pace)
      throws IOException {
    StoredHead newest = volume.newest();
    FollowedTree tree = FollowedTree.open(volume, newest, limits, null, blocks, platform);
    tree.readOn(newest);
    Follower follower = new Follower(volume, limits, blocks, platform, pace, tree);
    follower.schedule();
    return follower;
  }

  Mark mark() {
    FollowedTree tree = shown;
    return new Mark(tree, tree.cursor());
  }

  FollowStatistics statistics() {
    FollowedTree tree = shown;
    return new FollowStatistics(
        pace.age(),
        pace.ageMax(),
        tree.cursor().position().toString(),
        tree.base().head().number(),
        newest.head().number(),
        tree.waiting(),
        failing,
        polls.get(),
        earlierGroups.get() + tree.groups(),
        rebases.get(),
        tree.inlineBytes());
  }

  /** The newest head that is known. */
  StoredHead newest() {
    return newest;
  }

  /**
   * Returns when what is shown is new enough for an operation that begins now, or the store does not
   * answer in time.
   */
  void awaitFresh(Caller caller) throws FsException {
    FsException why = broken;
    if (why != null) {
      throw new FsException(why.errno(), String.valueOf(why.getMessage()), why);
    }
    if (!pace.asked()) {
      return;
    }
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    volume.waits().await(this::awaitPoll);
  }

  private void awaitPoll() throws FsException {
    CompletableFuture<Void> poll = request();
    CompletableFuture<Void> enough = new CompletableFuture<>();
    Clock.Timer patience =
        platform.clock().schedule(pace.ageMax(), () -> enough.complete(null));
    try {
      CompletableFuture.anyOf(poll, enough).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted while waiting for news", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a poll does not fail", e);
    } finally {
      patience.cancel();
    }
    if (!poll.isDone()) {
      pace.storeAway();
    }
  }

  /** A poll that runs already or begins now. */
  private CompletableFuture<Void> request() {
    CompletableFuture<Void> begun = begin();
    if (begun != null) {
      platform.waiting().execute(() -> run(begun, true));
      return begun;
    }
    synchronized (this) {
      return underway == null ? CompletableFuture.completedFuture(null) : underway;
    }
  }

  /** Makes the caller the one who polls; null if somebody does already. */
  private synchronized @Nullable CompletableFuture<Void> begin() {
    if (closed || underway != null) {
      return null;
    }
    underway = new CompletableFuture<>();
    return underway;
  }

  private void tick() {
    CompletableFuture<Void> begun = begin();
    if (begun != null) {
      run(begun, false);
    }
  }

  private void run(CompletableFuture<Void> poll, boolean certain) {
    synchronized (this) {
      poller = Thread.currentThread();
      if (closed) {
        poller.interrupt();
      }
    }
    try {
      polling.lock();
      try {
        poll(certain);
      } finally {
        polling.unlock();
      }
    } catch (IOException e) {
      failed(e);
    } catch (RuntimeException e) {
      LOG.error("following ends", e);
      broken = new FsException(Errno.EIO, "following ended: " + e.getMessage(), e);
    } finally {
      synchronized (this) {
        poller = null;
        underway = null;
      }
      schedule();
      poll.complete(null);
    }
  }

  private void failed(IOException e) {
    pace.storeAway();
    if (!closed && failing.isEmpty()) {
      LOG.warn("what is new cannot be seen; what was is shown: {}", e.getMessage());
    }
    failing = String.valueOf(e.getMessage());
  }

  private synchronized void schedule() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (!closed && broken == null) {
      timer = platform.clock().schedule(pace.next(), this::tick);
    }
  }

  /**
   * Looks for what is new and shows it. Guarded by polling.
   *
   * @param certain whether no newer head may be missed
   */
  private void poll(boolean certain) throws IOException {
    long began = platform.clock().nanoTime();
    FollowedTree treeBefore = shown;
    long groupsBefore = treeBefore.groups();
    polls.incrementAndGet();
    boolean listed = look(certain);
    while (true) {
      rebaseIfNeeded();
      boolean ended = shown.cursor().atEnd();
      long known = newest.head().number();
      if (shown.readOn(newest) == FollowedTree.Stop.AWAITS_OWNER) {
        listed |= !ended && look(certain);
      } else if (!listed && !isMoved(treeBefore, groupsBefore) && mayBeBehindGap()) {
        listed = look(true);
      }
      if (newest.head().number() == known) {
        break;
      }
    }
    pace.polled(began, isMoved(treeBefore, groupsBefore));
    if (!failing.isEmpty()) {
      LOG.info("what is new can be seen again");
      failing = "";
    }
  }

  private boolean isMoved(FollowedTree from, long groups) {
    return shown != from || shown.groups() != groups;
  }

  /**
   * Looks for a newer head.
   *
   * @return whether it is certain that there is none but the {@link #newest}
   */
  private boolean look(boolean certain) throws StoreException {
    // Behind a closed head is no log that could tell of gaps.
    boolean list = certain || (shown.cursor().atEnd() && ++looks % LOOKS_PER_LIST == 0);
    long known = newest.head().number();
    Optional<StoredHead> found =
        list ? volume.heads().newestAfter(known) : volume.heads().newestIfNext(known);
    found.ifPresent(head -> newest = head);
    return list || found.isPresent();
  }

  /**
   * Whether there may have been an entry where there is none now. Logs are deleted from their
   * beginning: if the entry before is there, there has not.
   */
  private boolean mayBeBehindGap() throws StoreException {
    LogPosition next = shown.cursor().position();
    if (!shown.waiting().isEmpty()) {
      return false;
    }
    if (next.sequence() > 0
        && volume.store().head(next.previous().key()).isPresent()) {
      return false;
    }
    boolean first = next.sequence() > 0 && !next.equals(listedAt);
    listedAt = next;
    return first || ++looks % LOOKS_PER_LIST == 0;
  }

  private void rebaseIfNeeded() throws IOException {
    StoredHead to = newest;
    FollowedTree from = shown;
    if (to.head().number() == from.base().head().number() || to.head().number() == refusedHead) {
      return;
    }
    boolean cutOff = to.head().firstLog().compareTo(from.cursor().position()) > 0;
    long behind = to.head().number() - from.base().head().number();
    if (cutOff || behind >= HEADS_BEHIND_MAX || from.isHeavy()) {
      rebase();
    }
  }

  private void rebase() throws IOException {
    StoredHead to = newest;
    FollowedTree from = shown;
    FollowedTree next = FollowedTree.open(volume, to, limits, from, blocks, platform);
    next.readOn(to);
    if (next.cursor().isBefore(from.cursor())) {
      // There is not enough memory for the log behind that head; a newer one will have less.
      refusedHead = to.head().number();
      return;
    }
    earlierGroups.addAndGet(from.groups());
    rebases.incrementAndGet();
    shown = next;
    LOG.debug("follows from head {}, log {}", to.head().number(), next.cursor().position());
  }

  /**
   * Goes on because something that is shown at a mark is not in the store any more: the owner has
   * gone on without it.
   *
   * @param why what is missing
   * @throws FsException if there is nothing newer to go on to, so that it is lost; or the store fails
   */
  void goOn(Caller caller, Mark mark, FsException why) throws FsException {
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    volume.waits().await(() -> goOn(mark));
    if (mark.equals(mark())) {
      throw why;
    }
  }

  private void goOn(Mark mark) throws FsException {
    try {
      polling.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted while waiting for news", e);
    }
    try {
      if (mark.equals(mark())) {
        poll(true);
      }
      if (mark.equals(mark()) && newest.head().number() > mark.tree().base().head().number()) {
        rebase();
      }
    } catch (IOException e) {
      throw TreeAccess.failure(e);
    } finally {
      polling.unlock();
    }
  }

  /** Ends it; returns when no poll runs any more. */
  void close() throws IOException {
    CompletableFuture<Void> running = cancel();
    if (running == null) {
      return;
    }
    try {
      running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while closing");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a poll does not fail", e);
    }
  }

  /** Ends it without waiting for the poll that runs, if one does. */
  synchronized @Nullable CompletableFuture<Void> cancel() {
    closed = true;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (poller != null) {
      poller.interrupt();
    }
    return underway;
  }
}
