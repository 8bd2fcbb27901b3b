package io.strata.checkpoint;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadGarbage;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.lineage.Lineage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes heads out of their predecessors: what a head takes over, what it lets go. Pure functions;
 * committing is another matter ({@link Heads}).
 *
 * <p>Invariants of what it makes:
 *
 * <ol>
 *   <li>A head lists the log of every epoch before its own, from the epoch of the first log object
 *       that may exist on; so every log object is replayed, or on its way to being deleted, or
 *       gone.
 *   <li>Every earlier head is kept (retained or named), or recorded as deletable, or gone.
 *   <li>While a log's end is unknown, the tree and the carry stay those of the head that was
 *       written in its epoch.
 * </ol>
 *
 * @param retention how long heads are kept
 */
public record Succession(Retention retention) {

  /** Head 1 of a new and empty volume, which nobody owns. */
  public static Head first(Owner maker, Instant now) {
    return first(maker, now, ByteBuffer.allocate(0));
  }

  /**
   * Head 1 of a new volume, which nobody owns.
   *
   * @param carry what it begins with
   */
  public static Head first(Owner maker, Instant now, ByteBuffer carry) {
    return unowned(
        1, new Epoch(1), maker, now, 0, null, TreeCounters.ZERO, carry, Lineage.NONE);
  }

  /**
   * The first head of a clone, which nobody owns: the same tree and carry, under the number and in
   * the epoch that come next, with a past of its own.
   *
   * @param origin what was cloned; no log is needed for it
   * @param lineage whose its objects are
   */
  public static Head cloned(StoredHead origin, Lineage lineage, Owner maker, Instant now) {
    Head before = origin.head();
    return unowned(
        before.number() + 1,
        before.epoch().next(),
        maker,
        now,
        origin.crc(),
        before.root(),
        before.counters(),
        before.carry(),
        lineage);
  }

  /** A head without a past in its own place. */
  private static Head unowned(
      long number,
      Epoch epoch,
      Owner maker,
      Instant now,
      int predecessorCrc,
      @Nullable PageAddress root,
      TreeCounters counters,
      ByteBuffer carry,
      Lineage lineage) {
    return new Head(
        number,
        epoch,
        maker,
        now,
        HeadState.CLOSED,
        predecessorCrc,
        null,
        root,
        counters,
        LogPosition.start(epoch),
        List.of(),
        carry,
        0,
        List.of(),
        List.of(),
        new HeadGarbage(LogPosition.start(epoch), List.of()),
        lineage,
        List.of());
  }

  /**
   * The head that begins the next epoch. It says the same as its predecessor, and that the
   * predecessor's log is to be replayed behind it.
   *
   * @param gone what has been deleted of what {@code previous} lets go
   */
  public Head takeOver(StoredHead previous, Owner owner, Instant now, Collected gone) {
    Head before = previous.head();
    Epoch epoch = before.epoch().next();
    List<LogRange> earlier = new ArrayList<>(before.earlier());
    earlier.add(
        new LogRange(
            before.epoch(),
            previous.logHead(),
            before.replayFrom().sequence(),
            OptionalLong.empty()));
    TreeState tree =
        new TreeState(
            before.root(), before.counters(), LogPosition.start(epoch), before.carry(), 0);
    return next(
        previous,
        owner,
        HeadState.OPEN,
        epoch,
        tree,
        earlier,
        SnapshotChange.NONE,
        now,
        gone,
        before.lineage());
  }

  /**
   * The head of a checkpoint in the epoch of its predecessor.
   *
   * @param logEnds where the logs of earlier epochs end; must name every one that {@code previous}
   *     leaves open. All of them are in the tree.
   * @param snapshots what becomes of the names
   * @param gone what has been deleted of what {@code previous} lets go
   * @param lineage whose objects this head and those that it keeps refer to
   */
  public Head checkpoint(
      StoredHead previous,
      TreeState tree,
      HeadState state,
      Map<Epoch, Long> logEnds,
      SnapshotChange snapshots,
      Instant now,
      Collected gone,
      Lineage lineage) {
    Head before = previous.head();
    List<LogRange> earlier = new ArrayList<>();
    for (LogRange range : before.earlier()) {
      earlier.add(range.replayedTo(verdict(range, logEnds)));
    }
    return next(
        previous,
        before.owner(),
        state,
        before.epoch(),
        tree,
        earlier,
        snapshots,
        now,
        gone,
        lineage);
  }

  /** The same, of a volume that shares as much as before. */
  public Head checkpoint(
      StoredHead previous,
      TreeState tree,
      HeadState state,
      Map<Epoch, Long> logEnds,
      SnapshotChange snapshots,
      Instant now,
      Collected gone) {
    return checkpoint(
        previous, tree, state, logEnds, snapshots, now, gone, previous.head().lineage());
  }

  private static long verdict(LogRange range, Map<Epoch, Long> logEnds) {
    if (range.end().isPresent()) {
      return range.end().getAsLong();
    }
    Long end = logEnds.get(range.epoch());
    if (end == null) {
      throw new IllegalArgumentException("nobody says where log " + range.epoch() + " ends");
    }
    return end;
  }

  private Head next(
      StoredHead previous,
      Owner owner,
      HeadState state,
      Epoch epoch,
      TreeState tree,
      List<LogRange> earlier,
      SnapshotChange change,
      Instant now,
      Collected gone,
      Lineage lineage) {
    Head before = previous.head();
    List<LogRange> remembered = new ArrayList<>(earlier);
    LogPosition logsFrom = later(before.garbage().logsFrom(), gone.logsFrom());
    remembered.removeIf(
        range -> range.isReplayed() && range.epoch().compareTo(logsFrom.epoch()) < 0);
    long number = before.number() + 1;
    List<RetainedCheckpoint> candidates = new ArrayList<>(before.retained());
    candidates.add(before.asRetained());
    LogPosition firstLog =
        earlier.stream()
            .filter(range -> !range.isReplayed())
            .map(LogRange::start)
            .findFirst()
            .orElse(tree.replayFrom());
    // The head itself is one of the recent ones.
    RetainedCheckpoint itself =
        new RetainedCheckpoint(number, now, tree.root(), tree.counters(), firstLog);
    candidates.add(itself);
    List<RetainedCheckpoint> retained = new ArrayList<>(retention.keep(candidates, now));
    retained.removeLast();
    List<NamedSnapshot> snapshots = change.apply(before.snapshots(), itself);
    return new Head(
        number,
        epoch,
        owner,
        now,
        state,
        previous.crc(),
        epoch.equals(before.epoch()) ? previous.logHead() : null,
        tree.root(),
        tree.counters(),
        tree.replayFrom(),
        remembered,
        tree.carry(),
        tree.nextNonce(),
        retained,
        snapshots,
        new HeadGarbage(
            logsFrom, deletable(before, candidates, retained, snapshots, number, gone)),
        lineage,
        change.schedule() == null ? before.schedule() : change.schedule());
  }

  private static LogPosition later(LogPosition one, LogPosition other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static List<Long> deletable(
      Head before,
      List<RetainedCheckpoint> candidates,
      List<RetainedCheckpoint> retained,
      List<NamedSnapshot> snapshots,
      long number,
      Collected gone) {
    Set<Long> kept = new HashSet<>();
    retained.forEach(checkpoint -> kept.add(checkpoint.number()));
    snapshots.forEach(snapshot -> kept.add(snapshot.checkpoint().number()));
    kept.add(number);
    SortedSet<Long> deletable = new TreeSet<>(before.garbage().heads());
    candidates.forEach(checkpoint -> deletable.add(checkpoint.number()));
    before.snapshots().forEach(snapshot -> deletable.add(snapshot.checkpoint().number()));
    deletable.removeIf(head -> kept.contains(head) || gone.heads().contains(head));
    return List.copyOf(deletable);
  }
}
