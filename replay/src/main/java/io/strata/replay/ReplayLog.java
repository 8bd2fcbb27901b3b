package io.strata.replay;

import io.strata.platform.Platform;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The owner's side of the replay log of one epoch: takes groups of mutations in commit order and
 * makes them durable, many groups to a put and several puts at a time.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Groups are numbered 1, 2, 3, … in the order of {@link #append}. Entries hold them in that
 *       order without gaps, and have consecutive places in the log.
 *   <li>An entry's data is attached when the entry is cut, in the order of the entries, so what a
 *       group refers to is in its own entry, in an earlier one, or in a segment that one of them
 *       names.
 *   <li>An entry is committed when it, every earlier entry, and every segment that they name are
 *       stored. {@link #sync} returns for committed groups only.
 *   <li>The bytes of an entry never change once it has its place: every put of a place sends the
 *       same object.
 *   <li>Once the log has failed for good (fenced, closed) nothing becomes committed.
 * </ol>
 *
 * <p>Group commit: who syncs while no entry is under way cuts one at once, so a lone sync costs one
 * put and no delay; everybody else shares the entry that is cut a part of a round trip after the last
 * one ({@link CutPace}), if fewer than {@code inFlightMax} are under way then, or else when one of
 * those is committed.
 *
 * <p>Safe for use by any number of threads; all state is guarded by {@code lock}, which is never
 * held during I/O. No call but {@link #sync} and {@link #admit} waits.
 */
public final class ReplayLog implements AutoCloseable {
  /** The longest group that is taken, in bytes. */
  public static final int GROUP_BYTES_MAX = 32 << 20;

  /** What an entry counts for, however short: whoever reads it waits for the store. */
  private static final int ENTRY_BYTES = 16 << 10;

  private final HeadReference head;
  private final EntrySender sender;
  private final EntryData data;
  private final ReplaySizes sizes;
  private final Platform platform;
  private final ReplayEvents events;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  /** Collecting or full, not cut; only the last takes groups. */
  private final Deque<PendingEntry> collecting = new ArrayDeque<>();

  /** Cut and not committed, in the order of their places; the unsent are the last of them. */
  private final Deque<PendingEntry> uncommitted = new ArrayDeque<>();

  private final Deque<PendingEntry> unsent = new ArrayDeque<>();
  private LogPosition next;
  private long lastAppended;
  private long lastCommitted;
  private long lastWanted;
  private long pendingBytes;
  private final AtomicLong cutBytes = new AtomicLong();
  private final CutPace pace = new CutPace();
  private boolean cutScheduled;
  private boolean resendScheduled;
  private @Nullable ReplayFailure failure;

  /**
   * Opens the log for writing; costs no request.
   *
   * @param store where a fence that is met is read; the one that {@code once} puts into
   * @param start the place of the first entry
   * @param head the head that the epoch began with
   */
  public ReplayLog(
      ObjectStore store,
      OncePut once,
      VolumeId volume,
      LogPosition start,
      HeadReference head,
      EntryData data,
      ReplaySizes sizes,
      Platform platform,
      ReplayEvents events) {
    this.sender = new EntrySender(store, once, volume, head, platform);
    this.next = start;
    this.head = head;
    this.data = data;
    this.sizes = sizes;
    this.platform = platform;
    this.events = events;
  }

  /**
   * Takes a group; it is durable only once {@link #sync} says so. Does not wait.
   *
   * @param group not to be changed afterwards; at most {@link #GROUP_BYTES_MAX} bytes
   * @return its number, one more than the last
   * @throws ReplayFailure if the log has failed for good
   */
  public long append(byte[] group) throws ReplayFailure {
    if (group.length > GROUP_BYTES_MAX) {
      throw new IllegalArgumentException("group of " + group.length + " bytes");
    }
    lock.lock();
    try {
      requireUsable();
      PendingEntry last = collecting.peekLast();
      if (last == null || last.groupBytes() >= sizes.entryBytesMax()) {
        last = new PendingEntry(lastAppended + 1);
        collecting.addLast(last);
      }
      last.add(group);
      lastAppended++;
      pendingBytes += PendingEntry.storedBytes(group);
      pump();
      return lastAppended;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a group and all before it are durable.
   *
   * @param group a number that {@link #append} returned, or 0 for none
   * @throws ReplayFailure.Refused if the store refuses; the group is kept and sent again
   * @throws ReplayFailure if it is not known to be durable, and why
   */
  public void sync(long group) throws ReplayFailure {
    CompletableFuture<Void> committed;
    lock.lock();
    try {
      if (group < 0 || group > lastAppended) {
        throw new IllegalArgumentException("group " + group + " of " + lastAppended);
      }
      if (group <= lastCommitted) {
        return;
      }
      requireUsable();
      lastWanted = Math.max(lastWanted, group);
      resendRefused();
      pump();
      committed = holding(group).committed();
    } finally {
      lock.unlock();
    }
    await(committed);
  }

  /**
   * Gives every group appended so far its place in the log, without waiting until it is durable.
   *
   * @return the place of the entry after them: where replay begins for whoever has their effects
   */
  public LogPosition cut() throws ReplayFailure {
    lock.lock();
    try {
      requireUsable();
      while (!collecting.isEmpty()) {
        cutFirst();
      }
      pump();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The place that the next entry will have. */
  public LogPosition place() {
    lock.lock();
    try {
      return next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts an entry without groups, by which others learn that this owner lives; not if there is one
   * under way. Does not wait.
   *
   * @param term what the owner promises, see {@link LogEntry.Renewal}
   * @param idle do so only if no other entries are under way either, which tell that he lives
   */
  public void renew(Duration term, boolean idle) {
    lock.lock();
    try {
      if (failure != null
          || (idle && !uncommitted.isEmpty())
          || uncommitted.stream().anyMatch(PendingEntry::isRenewal)) {
        return;
      }
      PendingEntry first = collecting.peekFirst();
      PendingEntry renewal =
          new PendingEntry(first == null ? lastAppended + 1 : first.firstGroup());
      renewal.cutRenewal(next, head, term);
      takePlace(renewal, 0);
      pump();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts an entry which says that what follows belongs to the tree of another head. Does not wait.
   *
   * @param number the head's number
   */
  public void turn(long number) throws ReplayFailure {
    lock.lock();
    try {
      cut();
      PendingEntry turn = new PendingEntry(lastAppended + 1);
      turn.cutTurn(next, head, number);
      takePlace(turn, 0);
      pump();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks the store whether this owner still has the log, by reading the first place that it is not
   * known to fill: one request, and one more for each entry that was stored meanwhile and for each
   * segment that is under way. Ends the log if somebody else has filled one of those places.
   *
   * @return a moment, on the platform's monotonic clock, at which the log was this owner's
   * @throws ReplayFailure if the log has failed for good, or does so now
   * @throws StoreException if the store does not say
   */
  public long verify() throws ReplayFailure, StoreException {
    LogPosition at = firstNotStored();
    while (true) {
      long sentNanos = platform.clock().nanoTime();
      LogEntry found;
      try {
        found = sender.read(at);
      } catch (StoreException.Corrupt | StoreException.TooNew e) {
        throw lost(new ReplayFailure.Fenced("another object stands at log " + at, e));
      }
      if (found instanceof LogEntry.Absent) {
        requireOwnSegments();
        return sentNanos;
      }
      if (found instanceof LogEntry.Fence || !isPlaced(at)) {
        throw lost(ReplayFailure.Fenced.by(found));
      }
      // It is this owner's own, and its answer is still on its way.
      at = at.next();
    }
  }

  /**
   * Makes sure that no entry under way has been ended by what stands for one of its segments: whoever
   * follows puts that, and no fence behind it. Costs a request for each segment under way, and waits
   * for the answer to the put of one that is there, which tells whose it is.
   */
  private void requireOwnSegments() throws ReplayFailure, StoreException {
    for (PendingSegment pending : segmentsUnderWay()) {
      if (sender.isThere(pending.segment().nonce())) {
        try {
          pending.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new ReplayFailure.Interrupted();
        } catch (ReplayFailure.Fenced why) {
          throw lost(why);
        }
      }
    }
  }

  private List<PendingSegment> segmentsUnderWay() {
    lock.lock();
    try {
      return uncommitted.stream()
          .flatMap(entry -> entry.segments().stream())
          .filter(pending -> !pending.stored().isDone())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private ReplayFailure lost(ReplayFailure.Fenced why) {
    fence(why);
    return why;
  }

  private LogPosition firstNotStored() throws ReplayFailure {
    lock.lock();
    try {
      requireUsable();
      for (PendingEntry entry : uncommitted) {
        if (entry.stage() != PendingEntry.Stage.STORED) {
          return entry.entry().position();
        }
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Whether an own entry has got this place. */
  private boolean isPlaced(LogPosition position) {
    lock.lock();
    try {
      return position.compareTo(next) < 0;
    } finally {
      lock.unlock();
    }
  }

  /** Waits while more than {@code pendingBytesMax} bytes of groups are not durable. */
  public void admit() throws ReplayFailure {
    lock.lock();
    try {
      while (pendingBytes > sizes.pendingBytesMax()) {
        requireUsable();
        room.await();
      }
      requireUsable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplayFailure.Interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #admit} would return at once. */
  public boolean tryAdmit() {
    return pendingBytes() <= sizes.pendingBytesMax();
  }

  /**
   * Bytes of groups that are not durable, as they will be stored: what this log holds in memory,
   * inline data apart.
   */
  public long pendingBytes() {
    lock.lock();
    try {
      return pendingBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Bytes of all entries that have a place in the log, inline data included; each counts 16 KiB
   * more than it has. Never less than it was; costs no lock.
   */
  public long cutBytes() {
    return cutBytes.get();
  }

  /** The number of the last group appended, 0 if none was. */
  public long lastAppended() {
    lock.lock();
    try {
      return lastAppended;
    } finally {
      lock.unlock();
    }
  }

  /** The number of the last group that is durable, 0 if none is. */
  public long lastCommitted() {
    lock.lock();
    try {
      return lastCommitted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the log because its owner found the volume taken over elsewhere (a head or a segment whose
   * name is taken): everybody who waits, and every later call, fails.
   */
  public void fence(ReplayFailure.Fenced why) {
    if (end(why)) {
      platform.waiting().execute(() -> events.fenced(why));
    }
  }

  /**
   * Fails everybody who waits now, because the store refuses something that their groups depend on.
   * Groups are kept; a later sync may succeed.
   */
  public void failWaiters(StoreException cause) {
    lock.lock();
    try {
      ReplayFailure.Refused refused = new ReplayFailure.Refused(cause);
      uncommitted.forEach(entry -> entry.fail(refused));
      collecting.forEach(entry -> entry.fail(refused));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the log without waiting: what is not durable is given up. Idempotent. */
  @Override
  public void close() {
    end(new ReplayFailure.Closed());
  }

  /** Waits, once it is closed, until nothing of it is under way to the store any more. */
  public void awaitEnd() throws InterruptedException {
    sender.awaitStopped();
  }

  private void requireUsable() throws ReplayFailure {
    if (failure != null) {
      throw failure;
    }
  }

  private PendingEntry holding(long group) {
    for (PendingEntry entry : collecting) {
      if (entry.firstGroup() <= group && group <= entry.lastGroup()) {
        return entry;
      }
    }
    for (PendingEntry entry : uncommitted) {
      if (entry.firstGroup() <= group && group <= entry.lastGroup()) {
        return entry;
      }
    }
    throw new IllegalStateException("group " + group + " is in no entry");
  }

  private static void await(CompletableFuture<Void> committed) throws ReplayFailure {
    try {
      committed.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplayFailure.Interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ReplayFailure why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Sends what may be sent. The caller holds the lock, as of all that follows up to advance. */
  private void pump() {
    while (uncommitted.size() - unsent.size() < sizes.inFlightMax()) {
      if (unsent.isEmpty() && firstIsDue() && isTimely()) {
        cutFirst();
      }
      PendingEntry entry = unsent.pollFirst();
      if (entry == null) {
        return;
      }
      send(entry);
    }
  }

  /** Whether somebody waits for the first entry that is not cut, or it is full. */
  private boolean firstIsDue() {
    PendingEntry first = collecting.peekFirst();
    return first != null
        && (first.firstGroup() <= lastWanted || first.groupBytes() >= sizes.entryBytesMax());
  }

  /**
   * Whether the first entry is to be cut now; if not, it is when its time has come or nothing is under
   * way any more. A full one does not get better by waiting.
   */
  private boolean isTimely() {
    PendingEntry first = collecting.peekFirst();
    if (uncommitted.isEmpty() || first == null || first.groupBytes() >= sizes.entryBytesMax()) {
      return true;
    }
    long waitNanos = pace.waitNanos(platform.clock().nanoTime());
    if (waitNanos > 0 && !cutScheduled) {
      cutScheduled = true;
      platform.clock().schedule(Duration.ofNanos(waitNanos), this::cutLater);
    }
    return waitNanos == 0;
  }

  private void cutLater() {
    lock.lock();
    try {
      cutScheduled = false;
      if (failure == null) {
        pump();
      }
    } finally {
      lock.unlock();
    }
  }

  private void cutFirst() {
    Attachment attached = data.attach();
    PendingEntry entry = collecting.removeFirst();
    long bytes = entry.cut(next, head, attached);
    takePlace(entry, bytes);
    pace.cut(platform.clock().nanoTime());
  }

  private void takePlace(PendingEntry entry, long bytes) {
    cutBytes.addAndGet(ENTRY_BYTES + bytes);
    next = next.next();
    uncommitted.addLast(entry);
    unsent.addLast(entry);
  }

  private void send(PendingEntry entry) {
    entry.sent();
    sender.send(entry.entry(), entry.segments(), result -> sent(entry, result));
  }

  private void resendRefused() {
    for (PendingEntry entry : uncommitted) {
      if (entry.stage() == PendingEntry.Stage.REFUSED) {
        send(entry);
      }
    }
  }

  /** Commits what is complete, in order. */
  private void advance() {
    PendingEntry first = uncommitted.peekFirst();
    while (first != null && first.stage() == PendingEntry.Stage.STORED) {
      uncommitted.removeFirst();
      lastCommitted = first.lastGroup();
      pendingBytes -= first.groupBytes();
      first.committed().complete(null);
      first = uncommitted.peekFirst();
    }
    room.signalAll();
    pump();
  }

  /**
   * When the latest was sent of what is stored with all before it. What is stored behind a gap
   * proves nothing: the gap may be where a fence stands.
   */
  private OptionalLong lastProofNanos() {
    OptionalLong latest = OptionalLong.empty();
    for (PendingEntry entry : uncommitted) {
      if (entry.stage() != PendingEntry.Stage.STORED) {
        break;
      }
      if (latest.isEmpty() || entry.sentNanos() - latest.getAsLong() > 0) {
        latest = OptionalLong.of(entry.sentNanos());
      }
    }
    return latest;
  }

  /** Called without the lock, here and below. */
  private void sent(PendingEntry entry, EntrySender.Result result) {
    switch (result) {
      case EntrySender.Result.Stored stored -> stored(entry, stored);
      case EntrySender.Result.Fenced fenced -> fence(fenced.why());
      case EntrySender.Result.Refused refused -> refused(entry, refused.cause());
    }
  }

  private void stored(PendingEntry entry, EntrySender.Result.Stored result) {
    OptionalLong proof;
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      entry.stored(result.sentNanos());
      pace.answered(result.putNanos());
      proof = lastProofNanos();
    } finally {
      lock.unlock();
    }
    // First this: who learns that its data is durable need not ask the store whose the log is.
    proof.ifPresent(events::stored);
    lock.lock();
    try {
      if (failure == null) {
        advance();
      }
    } finally {
      lock.unlock();
    }
  }

  private void refused(PendingEntry entry, StoreException cause) {
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      entry.refused();
      ReplayFailure.Refused refused = new ReplayFailure.Refused(cause);
      uncommitted.stream()
          .filter(other -> other.firstGroup() >= entry.firstGroup())
          .forEach(other -> other.fail(refused));
      collecting.forEach(other -> other.fail(refused));
      if (!resendScheduled) {
        resendScheduled = true;
        platform.clock().schedule(sizes.resendDelay(), this::resendLater);
      }
    } finally {
      lock.unlock();
    }
    events.failing(cause);
  }

  private void resendLater() {
    lock.lock();
    try {
      resendScheduled = false;
      if (failure == null) {
        resendRefused();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean end(ReplayFailure why) {
    List<PendingEntry> given = new ArrayList<>();
    lock.lock();
    try {
      if (failure != null) {
        return false;
      }
      failure = why;
      given.addAll(uncommitted);
      given.addAll(collecting);
      uncommitted.clear();
      unsent.clear();
      collecting.clear();
      pendingBytes = 0;
      room.signalAll();
    } finally {
      lock.unlock();
    }
    sender.stop();
    given.forEach(entry -> entry.fail(why));
    return true;
  }
}
