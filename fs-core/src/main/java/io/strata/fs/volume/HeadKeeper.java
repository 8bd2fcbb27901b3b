package io.strata.fs.volume;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.Collected;
import io.strata.checkpoint.EarlierCommit;
import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Heads;
import io.strata.checkpoint.Lifetime;
import io.strata.checkpoint.SnapshotChange;
import io.strata.checkpoint.Stray;
import io.strata.checkpoint.Succession;
import io.strata.checkpoint.TreeState;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Clock;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The chain of heads at its newest end: what an owner adds to it, and what may be deleted for that.
 *
 * <p>Changed by one checkpoint at a time; {@link #current} may be read by any thread.
 */
final class HeadKeeper {
  private final Heads heads;
  private Succession succession;
  private final Garbage garbage;
  private final Clock clock;
  private final Map<Epoch, Long> logEnds;
  private final LongSupplier nextNonce;
  private final LongConsumer committed;
  private volatile StoredHead current;
  private Collected gone;
  private boolean whole;

  /**
   * A keeper for a volume that has just been taken over.
   *
   * @param current the head that did it
   * @param logEnds where the logs that it had to replay end
   * @param nextNonce the counter of the next nonce of this epoch
   * @param committed learns when, on the monotonic clock, a head was sent that is committed now
   */
  HeadKeeper(
      Heads heads,
      Succession succession,
      Garbage garbage,
      Clock clock,
      StoredHead current,
      Map<Epoch, Long> logEnds,
      LongSupplier nextNonce,
      LongConsumer committed) {
    this.heads = heads;
    this.succession = succession;
    this.garbage = garbage;
    this.clock = clock;
    this.current = current;
    this.logEnds = Map.copyOf(logEnds);
    this.nextNonce = nextNonce;
    this.committed = committed;
    this.gone = Collected.nothing(current.head());
  }

  /** The newest head, which this process wrote. */
  StoredHead current() {
    return current;
  }

  /** A head that is kept: a request. */
  Head read(long number) throws StoreException {
    return readStored(number).head();
  }

  /** As {@link #read}. */
  StoredHead readStored(long number) throws StoreException {
    return heads.read(number);
  }

  /** The number that the next head will have. */
  long nextNumber() {
    return current.head().number() + 1;
  }

  /** Commits a checkpoint's head. */
  void commit(
      @Nullable PageAddress root,
      TreeCounters counters,
      LogPosition replayFrom,
      byte[] carry,
      HeadState state,
      SnapshotChange snapshots)
      throws IOException {
    commit(
        new TreeState(
            root, counters, replayFrom, ByteBuffer.wrap(carry), nextNonce.getAsLong()),
        state,
        snapshots,
        whole ? Lineage.NONE : current.head().lineage());
  }

  /**
   * Commits a head whose tree is the newest's, because nothing has changed since.
   *
   * @param replayFrom a place in this epoch's log before which nothing is needed
   */
  void commitSame(LogPosition replayFrom, HeadState state, SnapshotChange snapshots)
      throws IOException {
    Head head = current.head();
    commit(
        new TreeState(
            head.root(), head.counters(), replayFrom, head.carry(), nextNonce.getAsLong()),
        state,
        snapshots,
        head.lineage());
  }

  private void commit(
      TreeState tree, HeadState state, SnapshotChange snapshots, Lineage lineage)
      throws IOException {
    Head next =
        succession.checkpoint(
            current, tree, state, logEnds, snapshots, clock.now(), gone, lineage);
    OncePut.Outcome outcome;
    long sentNanos = clock.nanoTime();
    try {
      outcome = heads.commit(next);
    } catch (EarlierCommit e) {
      // A try whose outcome was unknown did succeed; what is to be written follows that head.
      current = e.found();
      gone = Collected.nothing(e.found().head());
      throw e;
    }
    if (outcome == OncePut.Outcome.TAKEN) {
      throw new VolumeException(
          Reason.FENCED,
          "another process has taken the volume over: head "
              + next.number()
              + " is not this process's");
    }
    current = StoredHead.of(next);
    gone = Collected.nothing(next);
    committed.accept(sentNanos);
  }

  /**
   * Neither the tree nor any kept head refers to another volume's object, nor ever will: the next
   * checkpoint says so.
   */
  void isWhole() {
    whole = true;
  }

  /** Keeps no checkpoint before head {@code number} for its own sake, but a few most recent ones. */
  void retainFrom(long number) {
    succession = new Succession(succession.retention().from(number));
  }

  /**
   * Deletes segments and packs that the newest head lets go.
   *
   * @return those of them that are gone
   * @throws StoreException if the store fails; what is left is tried again after the next checkpoint
   */
  List<Lifetime> delete(Collection<Lifetime> dead) throws StoreException {
    return garbage.delete(dead, current.head());
  }

  /** A way to dispose of what crashes have left behind, while this process owns the volume. */
  LeftoverSearch.Disposal disposal() {
    Head newest = current.head();
    return new LeftoverSearch.Disposal() {
      @Override
      public List<Stray> strays(List<Stray> strays, Garbage.Witness witness) throws IOException {
        requireNewest();
        return garbage.deleteLeftBehind(strays, newest, witness);
      }

      @Override
      public List<ObjectKey> logs(Map<Epoch, Long> ends, List<LogPosition> listed)
          throws IOException {
        requireNewest();
        return garbage.deleteStrayLogs(ends, listed, newest);
      }
    };
  }

  /** Deletes heads that no other knows of. */
  int deleteStrayHeads() throws IOException {
    List<Long> listed = heads.list();
    requireNewest();
    return garbage.deleteStrayHeads(current.head(), listed);
  }

  /** Whoever comes next may make use of what is a leftover to this process. */
  private void requireNewest() throws IOException {
    if (heads.find(nextNumber()).filter(next -> !isOwn(next)).isPresent()) {
      throw new VolumeException(
          Reason.FENCED, "another process has taken the volume over: nothing more is deleted");
    }
  }

  private boolean isOwn(StoredHead next) {
    return next.head().owner().token().equals(current.head().owner().token());
  }

  /** Deletes heads and logs that the newest head lets go. */
  void collect() throws StoreException {
    gone = garbage.collect(current.head());
  }
}
