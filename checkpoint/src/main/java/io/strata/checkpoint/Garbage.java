package io.strata.checkpoint;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.replay.format.LogPosition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/**
 * The only code in Strata that deletes.
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
 *   <li>any announcement of a standby, which is no part of the volume.
 * </ul>
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

  /** Deletes in {@code store}, keeping the logs of the recent heads of {@code retention}. */
  public Garbage(ObjectStore store, Retention retention) {
    this.store = store;
    this.retention = retention;
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
   * Deletes those of these segments and packs that may go.
   *
   * @param newest the newest head, certainly committed
   * @return the objects that are gone
   */
  public List<Lifetime> delete(Collection<Lifetime> objects, Head newest) throws StoreException {
    SortedSet<Long> kept = newest.kept();
    List<Lifetime> going =
        objects.stream().filter(object -> mayGo(object, newest.number(), kept)).toList();
    deleteAll(going.stream().map(Lifetime::key).toList());
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
