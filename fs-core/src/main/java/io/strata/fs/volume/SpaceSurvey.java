package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Sums up the records of objects in the tree. For one use, by one thread. */
final class SpaceSurvey {
  private final TreeAccess access;
  private final Head newest;
  private final Lineage elsewhere;
  private final Map<Nonce, Long> live = new HashMap<>();
  private final SortedMap<Long, long[]> pins = new TreeMap<>();
  private long segments;
  private long segmentBytes;
  private long liveBytes;
  private long logicalBytes;
  private long packs;
  private long packBytes;
  private long deadObjects;
  private long deadBytes;
  private long unpinnedBytes;
  private long sharedBytes;

  private SpaceSurvey(TreeAccess access, Head newest, Lineage elsewhere) {
    this.access = access;
    this.elsewhere = elsewhere;
    this.newest = newest;
  }

  /** Reads all records of segments, packs and dead objects: some KiB for each segment. */
  static VolumeSpace of(TreeAccess access, Head newest, VolumeDescriptor volume)
      throws IOException {
    SpaceSurvey survey =
        new SpaceSurvey(access, newest, volume.elsewhere(newest.lineage()));
    for (TreeKeys.Range range :
        List.of(
            TreeKeys.segmentLives(), TreeKeys.segments(), TreeKeys.packs(), TreeKeys.deads())) {
      TreeEntries.visit(access, range, survey::count);
    }
    return survey.result();
  }

  private void count(Entry entry) throws VolumeException {
    try {
      count(Mutation.ofEntry(entry.key(), entry.value()));
    } catch (MalformedRecord | IllegalArgumentException e) {
      throw new VolumeException(
          Reason.DAMAGED,
          "the tree's records of objects are malformed: " + e.getMessage() + "; run strata fsck",
          e);
    }
  }

  private void count(Mutation.Put entry) {
    switch (entry) {
      case Mutation.SegmentLivePut put -> live.put(put.nonce(), put.liveBytes());
      case Mutation.SegmentPut put -> {
        SegmentIndex index = SegmentIndex.decode(put.segment().index().toBytes());
        segments++;
        segmentBytes += index.objectLength();
        shared(put.nonce(), index.objectLength());
        logicalBytes += index.logicalLength();
        liveBytes += live.getOrDefault(put.nonce(), 0L);
      }
      case Mutation.PackPut put -> {
        packs++;
        packBytes += put.pack().storedBytes();
        shared(put.nonce(), put.pack().storedBytes());
      }
      case Mutation.DeadPut put -> {
        deadObjects++;
        deadBytes += put.object().storedBytes();
        pin(put.object().birthHead(), put.object().deathHead(), put.object().storedBytes());
      }
      case Mutation.Put other -> {}
    }
  }

  private void shared(Nonce nonce, long bytes) {
    sharedBytes += elsewhere.isForeign(nonce) ? bytes : 0;
  }

  private void pin(long birth, long death, long bytes) {
    SortedSet<Long> by = newest.kept().subSet(birth, death);
    if (by.isEmpty()) {
      unpinnedBytes += bytes;
    }
    for (long head : by) {
      long[] sums = pins.computeIfAbsent(head, number -> new long[2]);
      sums[0] += bytes;
      sums[1] += by.size() == 1 ? bytes : 0;
    }
  }

  private VolumeSpace result() {
    Map<Long, String> names = new HashMap<>();
    newest
        .snapshots()
        .forEach(snapshot -> 
                names.merge(
                    snapshot.checkpoint().number(), snapshot.name(), (a, b) -> a + ", " + b));
    List<VolumeSpace.Pin> list = new ArrayList<>();
    pins.forEach(
        (head, sums) ->
            list.add(
                new VolumeSpace.Pin(head, names.getOrDefault(head, ""), sums[0], sums[1])));
    return new VolumeSpace(
        ViewedVolume.spaceUse(access).usedBytes(),
        segments,
        segmentBytes,
        liveBytes,
        logicalBytes,
        packs,
        packBytes,
        deadObjects,
        deadBytes,
        unpinnedBytes,
        sharedBytes,
        list);
  }
}
