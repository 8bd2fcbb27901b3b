package io.strata.checkpoint;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * The only code in Strata that deletes objects of a volume that goes on; {@link Removal} deletes one.
 *
 * <p>The rule. Let the newest head, certainly committed, be n, and let the kept heads be n, those
 * that n retains, and those that n has a name for. Then these may go, and nothing else:
 *
 * <ul>
 *   <li>a segment or pack that no head from its death on refers to, when its death is n or before,
 *       and no kept head h has birth ≤ h &lt; death;
 *   <li>a head before n that is not kept;
 *   <li>a log object before the first that replay from any of the {@code recentMax} most recent
 *       heads reads. (A head that is kept for longer is kept for its tree. Its log would keep every
 *       fsync of a day, and could not be replayed anyway: of segments that live between two kept
 *       heads, only the log knows.)
 *   <li>what a crash left behind, a segment or pack that was stored and never referred to: its epoch
 *       is before that of n, n has the logs of all earlier epochs in its tree, neither the present
 *       tree nor that of any kept head nor what such a head carries has a record of it, and it does
 *       not stand for a segment that was missing when an epoch's log was judged. Nothing is judged by its
 *       age. While a head is kept that a repair put another in the place of, nothing goes this way:
 *       what the repair could not make sense of is not lost yet;
 *   <li>a log object of an epoch that no head replays any more, other than the first that is left,
 *       which is the log's end;
 *   <li>any announcement of a standby, which is no part of the volume.
 * </ul>
 *
 * <p>A clone goes by the same rule, but what it shares is not its own: objects of its ancestors are
 * let go as others are, and stay where they are. There the head that was cloned is kept, which has
 * them all, for as long as the clone may refer to any.
 *
 * <p>For ever stays the object at which an epoch's log ends, normally a fence, and stay tombstones
 * among the segments: they are what an owner who slept through its deposition runs into.
 *
 * <p>Immutable; safe for use by any thread; blocks on the store. Deleting twice does no harm, so
 * whatever throws may be called again.
 */
public final class Garbage {
  /** How many objects are deleted with one call to the store. */
  static final int DELETE_KEYS_MAX = 1000;

  /**
   * How many objects an owner may have put behind the end of its log without knowing: at least the
   * most entries that a log has in flight.
   */
  static final int STRAYS_MAX = 64;

  private final ObjectStore store;
  private final Retention retention;
  private final Lineage shared;

  /**
   * Deletes in {@code store}, keeping the logs of the recent heads of {@code retention}.
   *
   * @param shared which objects are in other volumes' places, and so not this one's to delete
   */
  public Garbage(ObjectStore store, Retention retention, Lineage shared) {
    this.store = store;
    this.retention = retention;
    this.shared = shared;
  }

  /** Deletes for a volume that shares nothing, or nothing but what is no segment and no pack. */
  public Garbage(ObjectStore store, Retention retention) {
    this(store, retention, Lineage.NONE);
  }

  /** Whether an object may go once {@code newest} is committed. */
  public static boolean mayGo(Lifetime object, Head newest) {
    return mayGo(object, newest.number(), newest.kept());
  }

  private static boolean mayGo(Lifetime object, long newest, SortedSet<Long> kept) {
    return object.deathHead() <= newest
        && kept.subSet(object.birthHead(), object.deathHead()).isEmpty();
  }

  /**
   * Deletes those of these segments and packs that may go and are the volume's own.
   *
   * @param newest the newest head, certainly committed
   * @return the objects that are gone, or let go
   */
  public List<Lifetime> delete(Collection<Lifetime> objects, Head newest) throws StoreException {
    SortedSet<Long> kept = newest.kept();
    List<Lifetime> going =
        objects.stream().filter(object -> mayGo(object, newest.number(), kept)).toList();
    deleteAll(
        going.stream()
            .map(Lifetime::key)
            .filter(key -> !shared.isForeign(key))
            .toList());
    return going;
  }

  /**
   * Deletes the log objects and heads that a head lets go. Without an epoch's end in between that
   * is a request or two, and no listing.
   *
   * @param newest the newest head, certainly committed
   * @return what is gone, for the next head to take note of
   */
  public Collected collect(Head newest) throws StoreException {
    LogPosition end = firstLogKept(newest);
    LogPosition from = newest.garbage().logsFrom();
    List<ObjectKey> keys = new ArrayList<>();
    for (LogRange range : newest.earlier()) {
      if (range.epoch().compareTo(from.epoch()) >= 0
          && range.epoch().compareTo(end.epoch()) < 0
          && range.end().isPresent()) {
        long verdict = range.end().getAsLong();
        long first = range.epoch().equals(from.epoch()) ? from.sequence() : 0;
        addLogs(keys, LogPosition.start(range.epoch()), first, verdict);
        addLogs(keys, LogPosition.start(range.epoch()), verdict + 1, verdict + 1 + STRAYS_MAX);
      }
    }
    long first = end.epoch().equals(from.epoch()) ? from.sequence() : 0;
    addLogs(keys, end, first, end.sequence());
    deleteAll(keys);

    SortedSet<Long> kept = newest.kept();
    Set<Long> heads = new HashSet<>(newest.garbage().heads());
    heads.removeIf(number -> number >= newest.number() || kept.contains(number));
    deleteAll(heads.stream().map(ObjectNames::head).toList());
    return new Collected(end.compareTo(from) > 0 ? end : from, heads);
  }

  /**
   * Deletes heads that were listed and that the newest neither keeps nor remembers: what an owner
   * left who committed in its sleep.
   *
   * @param newest the newest head, certainly committed
   * @param listed numbers of the heads that are there
   * @return how many are gone
   */
  public int deleteStrayHeads(Head newest, Collection<Long> listed) throws StoreException {
    SortedSet<Long> kept = newest.kept();
    List<ObjectKey> strays =
        listed.stream()
            .filter(number -> number < newest.number() && !kept.contains(number))
            .map(ObjectNames::head)
            .toList();
    deleteAll(strays);
    return strays.size();
  }

  /** Says of objects what only who reads trees and segments can. */
  public interface Witness {
    /** Those of {@code strays} that the tree of a kept head, or what it carries, has a record of. */
    Set<Stray> referredTo(long head, Collection<Stray> strays) throws IOException;

    /**
     * Whether a segment stands for one that was missing, or cannot be told from one that does. An
     * owner who slept must find it.
     */
    boolean isForEver(Stray segment) throws IOException;
  }

  /** The snapshot for whose sake nothing that was left behind may go; empty if there is none. */
  public static Optional<NamedSnapshot> quarantine(Head newest) {
    return newest.snapshots().stream().filter(NamedSnapshot::isReplaced).findFirst();
  }

  /**
   * Which of these objects a crash has left behind.
   *
   * @param strays that the present tree does not know
   * @param newest the newest head, certainly committed
   * @param current the epoch that whoever may write now writes in
   * @param elsewhere which objects are in other volumes' places, and so judged there
   */
  public static List<Stray> leftBehind(
      Collection<Stray> strays,
      Head newest,
      Epoch current,
      Lineage elsewhere,
      Witness witness)
      throws IOException {
    if (quarantine(newest).isPresent()) {
      return List.of();
    }
    Set<Stray> left = new LinkedHashSet<>(strays);
    left.removeIf(
        stray ->
            stray.nonce().epoch().compareTo(current) >= 0
                || elsewhere.isForeign(stray.nonce()));
    for (long head : newest.kept().reversed()) {
      if (left.isEmpty()) {
        break;
      }
      left.removeAll(witness.referredTo(head, List.copyOf(left)));
    }
    List<Stray> found = new ArrayList<>();
    for (Stray stray : left) {
      if (!stray.isSegment() || !witness.isForEver(stray)) {
        found.add(stray);
      }
    }
    return found;
  }

  /**
   * Deletes those of these objects that a crash has left behind.
   *
   * @param strays that the present tree does not know
   * @param newest the newest head, certainly committed, of the epoch of who calls this
   * @return those that are gone
   */
  public List<Stray> deleteLeftBehind(Collection<Stray> strays, Head newest, Witness witness)
      throws IOException {
    if (!newest.earlier().stream().allMatch(LogRange::isReplayed)) {
      throw new IllegalArgumentException(
          "head " + newest.number() + " leads to logs whose objects are not in its tree");
    }
    List<Stray> going = leftBehind(strays, newest, newest.epoch(), shared, witness);
    deleteAll(going.stream().map(Stray::key).toList());
    return going;
  }

  /** Whether a log object is of an epoch that nobody replays any more. */
  public static boolean isForgotten(Epoch log, Head newest) {
    return log.compareTo(newest.garbage().logsFrom().epoch()) < 0
        && log.compareTo(newest.epoch()) < 0
        && newest.earlier().stream().noneMatch(range -> range.epoch().equals(log));
  }

  /**
   * Deletes log objects behind the end of their epoch's log.
   *
   * @param ends for each epoch, the first of its log objects that is there
   * @param listed log objects
   * @param newest the newest head, certainly committed
   * @return those that are gone
   */
  public List<ObjectKey> deleteStrayLogs(
      Map<Epoch, Long> ends, Collection<LogPosition> listed, Head newest) throws StoreException {
    List<ObjectKey> strays =
        listed.stream()
            .filter(log -> isForgotten(log.epoch(), newest))
            .filter(log -> log.sequence() > ends.getOrDefault(log.epoch(), Long.MAX_VALUE))
            .map(LogPosition::key)
            .toList();
    deleteAll(strays);
    return strays;
  }

  /** Deletes announcements, which nothing refers to. */
  public void deleteStandbys(List<ObjectKey> announcements) throws StoreException {
    for (ObjectKey key : announcements) {
      if (!key.value().startsWith(ObjectNames.STANDBYS)) {
        throw new IllegalArgumentException(key + " announces nobody");
      }
    }
    deleteAll(announcements);
  }

  /** The first log object that replay from one of the most recent heads reads. */
  private LogPosition firstLogKept(Head newest) {
    LogPosition first = newest.firstLog();
    List<RetainedCheckpoint> retained = newest.retained();
    int from = Math.max(0, retained.size() - (retention.recentMax() - 1));
    for (RetainedCheckpoint recent : retained.subList(from, retained.size())) {
      if (recent.replayFrom().compareTo(first) < 0) {
        first = recent.replayFrom();
      }
    }
    return first;
  }

  private static void addLogs(List<ObjectKey> keys, LogPosition log, long from, long end) {
    for (long sequence = from; sequence < end; sequence++) {
      keys.add(ObjectNames.log(log.epoch(), sequence));
    }
  }

  private void deleteAll(List<ObjectKey> keys) throws StoreException {
    for (int from = 0; from < keys.size(); from += DELETE_KEYS_MAX) {
      store.delete(keys.subList(from, Math.min(keys.size(), from + DELETE_KEYS_MAX)));
    }
  }
}
