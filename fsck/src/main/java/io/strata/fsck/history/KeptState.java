package io.strata.fsck.history;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fsck.bucket.Bucket;
import io.strata.store.ByteRange;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Finds a state that the newest head keeps: a tree that nobody changes any more. */
public final class KeptState {
  private KeptState() {}

  /**
   * The head of a state.
   *
   * @param name a snapshot, the number of a head, or a time in ISO 8601
   * @return empty if no such state is kept
   * @throws StoreException.Missing if it was let go just now
   */
  public static Optional<StoredHead> find(
      Bucket bucket, VolumeId volume, Head newest, String name) throws StoreException {
    Optional<Long> number = number(newest, name);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    long head = number.get();
    return Optional.of(
        HeadCodec.open(volume, head, bucket.read(ObjectNames.head(head), ByteRange.ALL)));
  }

  private static Optional<Long> number(Head newest, String name) {
    for (NamedSnapshot snapshot : newest.snapshots()) {
      if (snapshot.name().equals(name)) {
        return Optional.of(snapshot.checkpoint().number());
      }
    }
    if (name.matches("\\d{1,18}")) {
      return Optional.of(Long.parseLong(name)).filter(each -> newest.kept().contains(each));
    }
    try {
      return before(newest, Instant.parse(name));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }

  /** The last that is not later than a time. */
  private static Optional<Long> before(Head newest, Instant time) {
    NavigableMap<Long, RetainedCheckpoint> kept = new TreeMap<>();
    newest.retained().forEach(each -> kept.put(each.number(), each));
    newest.snapshots().forEach(each -> kept.put(each.checkpoint().number(), each.checkpoint()));
    kept.put(newest.number(), newest.asRetained());
    return kept.descendingMap().values().stream()
        .filter(each -> !each.time().isAfter(time))
        .map(RetainedCheckpoint::number)
        .findFirst();
  }
}
