package io.strata.fs.locks;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import io.strata.fs.state.RecordFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one guest in a {@link LockTable}. Safe for any thread; only {@link #lock} waits.
 *
 * <p>If it has a file, that holds what the guest believes to hold: after the daemon was killed the
 * next one opens the session with the same file, before it serves anybody.
 */
public final class LockSession {
  private final LockTable table;

  /** The rest is the table's, guarded by its lock. */
  final Set<Waiter> waiters = new HashSet<>();

  /** How many owners of this session hold something of what. */
  final Map<LockName, Integer> owners = new HashMap<>();

  /** Ranges that are held. */
  int held;

  boolean ended;

  @Nullable RecordFile file;

  LockSession(LockTable table) {
    this.table = table;
  }

  /** What is in the way of a lock, if anything. */
  public Optional<LockConflict> conflict(WantedLock wanted) {
    return table.conflict(this, wanted);
  }

  /**
   * Takes a lock if nothing is in its way; what the owner holds of the range changes its mode.
   *
   * @return whether it has the lock; if not, nothing has changed
   * @throws FsException ENOLCK if the session holds too many
   */
  public boolean tryLock(WantedLock wanted) throws FsException {
    return table.tryLock(this, wanted);
  }

  /**
   * Takes a lock, waiting for it if need be.
   *
   * @throws FsException EDEADLK if it would wait for itself; ENOLCK if the session holds too many, or
   *     too many of its requests wait; EINTR if the thread was interrupted, or the session's waiting
   *     was ended
   */
  public void lock(WantedLock wanted) throws FsException {
    table.lock(this, wanted);
  }

  /**
   * Gives up a range, or a file; nothing happens where nothing is held.
   *
   * @throws FsException ENOLCK if that splits a range and the session holds too many
   */
  public void unlock(Ino ino, LockKind kind, long owner, ByteRange range) throws FsException {
    table.unlock(this, new LockName(ino, kind), owner, range);
  }

  /** Gives up all that an owner holds of a file. */
  public void unlockAll(Ino ino, LockKind kind, long owner) {
    try {
      unlock(ino, kind, owner, ByteRange.ALL);
    } catch (FsException e) {
      throw new IllegalStateException("nothing can be split by giving up all", e);
    }
  }

  /**
   * Gives up all that was locked through an open file that is open no more. Linux tells of closed
   * descriptors by which owner and file, except for locks of open file descriptions (F_OFD_SETLK):
   * of these it tells nothing but that the file is closed.
   */
  public void closed(Ino ino, long handle) {
    table.closed(this, ino, handle);
  }

  /** Ends all waiting with EINTR. */
  public void endWaiting() {
    table.endWaiting(this);
  }

  /** Gives up everything, because the guest begins anew. */
  public void clear() {
    table.release(this, false);
  }

  /** Gives up everything, and the file; what is asked for afterwards is ENOLCK. */
  public void end() {
    table.release(this, true);
  }

  /** What is held, for {@link #restore} of a session elsewhere. */
  public byte[] save() {
    return LockStateCodec.encode(table.heldBy(this));
  }

  /**
   * Takes what a guest held elsewhere, where nothing is in the way. The session holds nothing yet.
   *
   * @return how many ranges were not to be had
   * @throws IOException if the bytes are not from {@link #save}, or hold too many locks
   */
  public int restore(byte[] saved) throws IOException {
    return table.restore(this, LockStateCodec.decode(saved));
  }

  /** Ranges that are held. */
  public int heldRanges() {
    return table.counts(this).held();
  }

  /** Requests that wait. */
  public int waitingRequests() {
    return table.counts(this).waiting();
  }

  FsException noMore(String what) {
    return new FsException(Errno.ENOLCK, what);
  }

  /** Guarded by the table's lock: writes down a change before it happens. */
  void record(LockChange change) {
    if (file != null) {
      file.append(1, to -> LockStateCodec.put(to, change));
    }
  }

  /** Guarded by the table's lock: writes the file anew if most of it is past. */
  void tidy(Supplier<List<LockChange>> all) {
    RecordFile to = file;
    if (to != null && to.records() > LockTable.TIDY_RECORDS_MIN + 4L * held) {
      rewrite(to, all.get());
    }
  }

  static void rewrite(RecordFile to, List<LockChange> all) {
    to.rewrite(
        sink -> {
          for (LockChange change : all) {
            sink.add(record -> LockStateCodec.put(record, change));
          }
        });
  }
}
