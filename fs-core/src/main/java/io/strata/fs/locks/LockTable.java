package io.strata.fs.locks;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.locks.Waiter.Outcome;
import io.strata.fs.schema.Ino;
import io.strata.fs.state.RecordFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All locks of a volume's guests. Its invariants stand in the package's description.
 *
 * <p>Safe for any thread. One lock guards everything: what is done under it is short, and never
 * waits for anything but the page cache of a session's file.
 */
public final class LockTable {
  private static final Logger LOG = LoggerFactory.getLogger(LockTable.class);

  /** Changes in a session's file that are never worth writing it anew. */
  static final long TIDY_RECORDS_MIN = 1024;

  private final LockLimits limits;
  private final ReentrantLock lock = new ReentrantLock();

  /** Files that somebody holds or waits for. Guarded by {@code lock}, as is all below. */
  private final Map<LockName, LockSpace> spaces = new HashMap<>();

  private final WaitGraph graph = new WaitGraph();

  public LockTable(LockLimits limits) {
    this.limits = limits;
  }

  /** How much a session has. */
  record Counts(int held, int waiting) {}

  /** A guest without locks, which are gone with this process. */
  public LockSession session() {
    return new LockSession(this);
  }

  /**
   * A guest that holds what is in a file, and whose locks are kept there.
   *
   * @throws IOException if the file cannot be read, or is some other file
   */
  public LockSession session(Path path) throws IOException {
    LockSession session = new LockSession(this);
    List<LockChange> changes = new ArrayList<>();
    RecordFile file =
        RecordFile.open(
            path,
            LockStateCodec.MAGIC,
            LockStateCodec.RECORD_BYTES,
            record -> changes.add(LockStateCodec.get(record)));
    int lost = restore(session, changes);
    if (lost > 0) {
      LOG.error("{}: {} locks that a guest believes to hold are held by another", path, lost);
    }
    lock.lock();
    try {
      LockSession.rewrite(file, held(session));
      session.file = file;
      return session;
    } finally {
      lock.unlock();
    }
  }

  Optional<LockConflict> conflict(LockSession session, WantedLock wanted) {
    lock.lock();
    try {
      LockSpace space = spaces.get(wanted.name());
      return Optional.ofNullable(space == null ? null : conflict(space, session, wanted));
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable LockConflict conflict(
      LockSpace space, LockSession session, WantedLock wanted) {
    return space.conflict(
        new LockOwner(session, wanted.owner()), wanted.range(), wanted.mode());
  }

  boolean tryLock(LockSession session, WantedLock wanted) throws FsException {
    lock.lock();
    try {
      requireOpen(session);
      LockSpace space = spaces.computeIfAbsent(wanted.name(), LockSpace::new);
      try {
        if (conflict(space, session, wanted) != null) {
          return false;
        }
        take(space, new LockOwner(session, wanted.owner()), wanted);
        return true;
      } finally {
        discardIfUnused(space);
      }
    } finally {
      lock.unlock();
    }
  }

  void lock(LockSession session, WantedLock wanted) throws FsException {
    Waiter waiter = begin(session, wanted);
    if (waiter != null) {
      switch (await(waiter)) {
        case Outcome.Granted _ -> {}
        case Outcome.Refused refused -> throw new FsException(refused.errno(), refused.reason());
      }
    }
  }

  /** Takes a lock, or begins to wait for it; null if it has it. */
  @Nullable Waiter begin(LockSession session, WantedLock wanted) throws FsException {
    lock.lock();
    try {
      return tryLock(session, wanted) ? null : enqueue(session, wanted);
    } finally {
      lock.unlock();
    }
  }

  private Waiter enqueue(LockSession session, WantedLock wanted) throws FsException {
    LockSpace space = spaces.computeIfAbsent(wanted.name(), LockSpace::new);
    LockOwner owner = new LockOwner(session, wanted.owner());
    if (session.waiters.size() >= limits.waitingMax()) {
      throw session.noMore(session.waiters.size() + " requests of the session wait already");
    }
    switch (wanted.kind()) {
      case POSIX -> {
        if (graph.wouldWaitForItself(space, owner, wanted.range(), wanted.mode())) {
          throw new FsException(Errno.EDEADLK, "its owner would wait for itself");
        }
      }
      case FLOCK -> giveUp(space, owner, wanted.range());
    }
    Waiter waiter = new Waiter(space, owner, wanted, new CompletableFuture<>());
    space.queue.add(waiter);
    session.waiters.add(waiter);
    if (wanted.kind() == LockKind.POSIX) {
      graph.add(waiter);
    }
    return waiter;
  }

  private Outcome await(Waiter waiter) {
    try {
      return waiter.answer().get();
    } catch (InterruptedException e) {
      return withdraw(waiter);
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiters are answered, and never fail", e);
    }
  }

  /** Who was answered a moment before it was interrupted has what it was answered. */
  private Outcome withdraw(Waiter waiter) {
    lock.lock();
    try {
      if (!waiter.answer().isDone()) {
        answer(waiter, new Outcome.Refused(Errno.EINTR, "interrupted while waiting for a lock"));
      }
      return waiter.answer().join();
    } finally {
      lock.unlock();
    }
  }

  void unlock(LockSession session, LockName name, long owner, ByteRange range)
      throws FsException {
    lock.lock();
    try {
      LockSpace space = spaces.get(name);
      LockOwner holder = new LockOwner(session, owner);
      OwnedRanges held = space == null ? null : space.heldBy(holder);
      if (space == null || held == null) {
        return;
      }
      if (session.held >= limits.heldMax() && held.splitBy(range)) {
        throw session.noMore("the session holds " + session.held + " ranges");
      }
      giveUp(space, holder, range);
      discardIfUnused(space);
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what was locked through an open file that is open no more. */
  void closed(LockSession session, Ino ino, long handle) {
    lock.lock();
    try {
      for (LockKind kind : LockKind.values()) {
        LockSpace space = spaces.get(new LockName(ino, kind));
        if (space != null) {
          Map.copyOf(space.holders())
              .forEach(
                  (owner, held) -> {
                    if (owner.session() == session && held.handle() == handle) {
                      giveUp(space, owner, ByteRange.ALL);
                    }
                  });
          discardIfUnused(space);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what an owner holds of a range, and lets others have it. */
  private void giveUp(LockSpace space, LockOwner owner, ByteRange range) {
    OwnedRanges held = space.heldBy(owner);
    if (held != null && held.touches(range)) {
      change(space, owner, LockChange.none(space.name, owner.id(), range));
      grantWaiting(space);
    }
  }

  /** Takes a lock that nothing is in the way of. Who waits may get something by that, too. */
  private void take(LockSpace space, LockOwner owner, WantedLock wanted) throws FsException {
    if (takeAlone(space, owner, wanted)) {
      grantWaiting(space);
    }
  }

  /** As {@link #take}, and tells whether it gave something up, too. */
  private boolean takeAlone(LockSpace space, LockOwner owner, WantedLock wanted)
      throws FsException {
    if (owner.session().held >= limits.heldMax()) {
      throw owner.session().noMore("the session holds " + owner.session().held + " ranges");
    }
    OwnedRanges held = space.heldBy(owner);
    boolean weaker =
        wanted.mode() == LockMode.SHARED && held != null && held.touches(wanted.range());
    change(space, owner, wanted.toChange());
    refuseCycles(owner);
    return weaker;
  }

  /** An owner of several threads can come to hold what somebody waits for for whom it waits. */
  private void refuseCycles(LockOwner owner) {
    for (Waiter waiter : graph.of(owner)) {
      if (graph.wouldWaitForItself(waiter.space(), owner, waiter.range(), waiter.mode())) {
        answer(waiter, new Outcome.Refused(Errno.EDEADLK, "its owner would wait for itself"));
      }
    }
  }

  private void change(LockSpace space, LockOwner owner, LockChange change) {
    LockSession session = owner.session();
    session.record(change);
    boolean had = space.heldBy(owner) != null;
    session.held += space.change(owner, change);
    boolean has = space.heldBy(owner) != null;
    if (had != has) {
      int one = has ? 1 : -1;
      session.owners.merge(space.name, one, (old, more) -> old + more == 0 ? null : old + more);
    }
    session.tidy(() -> held(session));
  }

  /** Gives waiters what nothing is in the way of any more, first come, first served. */
  private void grantWaiting(LockSpace space) {
    boolean again = !space.queue.isEmpty();
    while (again) {
      again = false;
      for (Waiter waiter : List.copyOf(space.queue)) {
        if (!waiter.answer().isDone()
            && space.conflict(waiter.owner(), waiter.range(), waiter.mode()) == null
            && grant(waiter)) {
          // It has given up something that those before it may wait for.
          again = true;
          break;
        }
      }
    }
  }

  private boolean grant(Waiter waiter) {
    boolean weaker = false;
    Outcome outcome;
    try {
      weaker = takeAlone(waiter.space(), waiter.owner(), waiter.wanted());
      outcome = new Outcome.Granted();
    } catch (FsException e) {
      outcome = new Outcome.Refused(e.errno(), String.valueOf(e.getMessage()));
    }
    answer(waiter, outcome);
    return weaker;
  }

  private void answer(Waiter waiter, Outcome outcome) {
    waiter.space().queue.remove(waiter);
    waiter.owner().session().waiters.remove(waiter);
    graph.remove(waiter);
    discardIfUnused(waiter.space());
    waiter.answer().complete(outcome);
  }

  private void discardIfUnused(LockSpace space) {
    if (space.isUnused()) {
      spaces.remove(space.name, space);
    }
  }

  void endWaiting(LockSession session) {
    lock.lock();
    try {
      for (Waiter waiter : List.copyOf(session.waiters)) {
        answer(waiter, new Outcome.Refused(Errno.EINTR, "waiting for locks has ended"));
      }
    } finally {
      lock.unlock();
    }
  }

  void release(LockSession session, boolean forEver) {
    lock.lock();
    try {
      session.ended |= forEver;
      endWaiting(session);
      for (LockName name : List.copyOf(session.owners.keySet())) {
        LockSpace space = spaces.get(name);
        if (space == null) {
          throw new IllegalStateException("nobody holds " + name);
        }
        for (LockOwner owner : List.copyOf(space.holders().keySet())) {
          if (owner.session() == session) {
            change(space, owner, LockChange.none(name, owner.id(), ByteRange.ALL));
          }
        }
        grantWaiting(space);
        discardIfUnused(space);
      }
      if (forEver && session.file != null) {
        session.file.delete();
        session.file = null;
      }
    } catch (IOException e) {
      LOG.error("the locks of a guest that is gone may come back with the next daemon", e);
    } finally {
      lock.unlock();
    }
  }

  List<LockChange> heldBy(LockSession session) {
    lock.lock();
    try {
      return held(session);
    } finally {
      lock.unlock();
    }
  }

  private List<LockChange> held(LockSession session) {
    List<LockChange> held = new ArrayList<>(session.held);
    for (LockName name : session.owners.keySet()) {
      LockSpace space = spaces.get(name);
      if (space == null) {
        throw new IllegalStateException("nobody holds " + name);
      }
      space
          .holders()
          .forEach(
              (owner, ranges) -> {
                if (owner.session() == session) {
                  ranges.forEach(
                      (range, mode, pid) ->
                          held.add(
                              new LockChange(
                                  name, owner.id(), range, mode, pid, ranges.handle())));
                }
              });
    }
    return held;
  }

  int restore(LockSession session, List<LockChange> changes) throws IOException {
    Map<LockName, Map<Long, OwnedRanges>> wanted = new HashMap<>();
    for (LockChange change : changes) {
      wanted
          .computeIfAbsent(change.name(), none -> new HashMap<>())
          .computeIfAbsent(change.owner(), none -> new OwnedRanges())
          .change(change);
    }
    int[] lost = new int[1];
    lock.lock();
    try {
      wanted.forEach(
          (name, owners) ->
              owners.forEach(
                  (owner, ranges) ->
                      ranges.forEach(
                          (range, mode, pid) -> {
                            WantedLock again =
                                new WantedLock(
                                    name.ino(),
                                    name.kind(),
                                    owner,
                                    range,
                                    mode,
                                    pid,
                                    ranges.handle());
                            lost[0] += takeAgain(session, again) ? 0 : 1;
                            return true;
                          })));
      return lost[0];
    } finally {
      lock.unlock();
    }
  }

  private boolean takeAgain(LockSession session, WantedLock wanted) {
    try {
      return tryLock(session, wanted);
    } catch (FsException e) {
      LOG.error("inode {}: {}", wanted.ino(), e.getMessage());
      return false;
    }
  }

  Counts counts(LockSession session) {
    lock.lock();
    try {
      return new Counts(session.held, session.waiters.size());
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen(LockSession session) throws FsException {
    if (session.ended) {
      throw session.noMore("the session has ended");
    }
  }
}
