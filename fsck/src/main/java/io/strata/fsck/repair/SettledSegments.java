package io.strata.fsck.repair;

import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.space.InlineBytes;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.segment.RecoveredSegment;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.ByteRange;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stores the segments of which only the log holds bytes, and something in place of those that a log
 * entry misses, as every new owner does. A function of the log alone: it can be done again.
 */
public final class SettledSegments {
  private SettledSegments() {}

  /**
   * Settles what is not stored.
   *
   * @param decisive segments whose absence ends a log
   * @return what stands under those names now
   */
  public static Map<Nonce, SegmentIndex> settle(
      Reign reign,
      ObjectStore store,
      Bucket bucket,
      VolumeId volume,
      Inventory inventory,
      InlineBytes inline,
      Set<Nonce> decisive)
      throws StoreException {
    Set<Nonce> missing = new TreeSet<>(decisive);
    missing.addAll(inline.nonces());
    missing.removeIf(nonce -> inventory.segments().has(nonce.value()));
    Map<Nonce, SegmentIndex> settled = new HashMap<>();
    for (Nonce nonce : missing) {
      settled.put(
          nonce,
          RecoveredSegment.put(
              reign.once(),
              store,
              volume,
              nonce,
              runs(bucket, volume, nonce, inline.places(nonce))));
    }
    return settled;
  }

  /**
   * Stores the bytes that the log holds of segments that are damaged, in new segments, at the same
   * places in their logical streams.
   *
   * @param moved is told of the new names
   * @return what was stored
   */
  public static Map<Nonce, SegmentIndex> move(
      Reign reign,
      ObjectStore store,
      Bucket bucket,
      VolumeId volume,
      InlineBytes inline,
      Set<Nonce> damaged,
      Map<Nonce, Nonce> moved)
      throws StoreException {
    Map<Nonce, SegmentIndex> stored = new HashMap<>();
    for (Nonce nonce : damaged) {
      Nonce fresh = reign.nextNonce();
      List<io.strata.segment.InlineRun> runs = new ArrayList<>();
      for (io.strata.segment.InlineRun run : runs(bucket, volume, nonce, inline.places(nonce))) {
        runs.add(new io.strata.segment.InlineRun(fresh, run.logicalOffset(), run.bytes()));
      }
      stored.put(fresh, RecoveredSegment.put(reign.once(), store, volume, fresh, runs));
      moved.put(nonce, fresh);
    }
    return stored;
  }

  private static List<io.strata.segment.InlineRun> runs(
      Bucket bucket, VolumeId volume, Nonce nonce, List<LogPosition> places) throws StoreException {
    List<io.strata.segment.InlineRun> runs = new ArrayList<>();
    for (LogPosition place : places) {
      if (EntryCodec.open(volume, place, bucket.read(place.key(), ByteRange.ALL))
          instanceof LogEntry.Groups entry) {
        for (InlineRun run : entry.inline()) {
          if (run.nonce().equals(nonce)) {
            runs.add(new io.strata.segment.InlineRun(nonce, run.logicalOffset(), run.bytes()));
          }
        }
      }
    }
    return runs;
  }
}
