package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which segments are worth emptying into one new segment.
 *
 * <p>Two kinds are: <em>sparse</em> ones, at least half garbage, once enough of them have come
 * together to free half a segment; and <em>small</em> ones, which many syncs and checkpoints leave
 * behind, once there are {@link #FEW} of about the same size, so that no byte is copied more often
 * than its segment can grow eightfold. While garbage presses, fuller ones count as sparse too. What
 * live bytes a segment has is as the newest checkpoint found it. Confined to one thread, but
 * for {@link #pressure}.
 */
final class VictimChoice {
  /** So many segments are worth one however little they free. */
  static final int FEW = 8;

  /** Of which so many percent are live: to copy these costs no more than it frees. */
  private static final int SPARSE_LIVE_MAX = 50;

  /** The same while garbage presses: begun at half, compaction would come too late for that. */
  private static final int PRESSING_LIVE_MAX = 66;

  /** The same for somebody who wants the space and not the peace. */
  private static final int THOROUGH_LIVE_MAX = 80;

  /** What is at most so full has garbage that counts, even if it is not worth copying the rest. */
  private static final int COUNTED_LIVE_MAX = 90;

  /** Segments that are looked at more closely, those with the fewest live bytes. */
  private static final int CANDIDATES_MAX = 512;

  /** Small segments of the most recent heads wait: more may come, or they may die by themselves. */
  private static final int REST_HEADS = 3;

  private final TreeAccess access;
  private final Lineage elsewhere;
  private final long segmentBytes;
  private volatile Pressure pressure;

  /** Segments that could not be emptied, and how many live bytes they had then. */
  private final Map<Nonce, Long> stubborn = new HashMap<>();

  /**
   * Chooses from the segments of a tree.
   *
   * @param elsewhere which segments are in other volumes' places: to empty those frees nothing
   */
  VictimChoice(TreeAccess access, Lineage elsewhere, long segmentBytes) {
    this.access = access;
    this.elsewhere = elsewhere;
    this.segmentBytes = segmentBytes;
    this.pressure = new Pressure(0, 0, segmentBytes);
  }

  private record Candidate(Nonce nonce, long liveBytes) {}

  /**
   * Segments to be emptied into one, whose live bytes fit into it; empty if that is not worthwhile.
   *
   * @param newestHead the number of the newest head
   * @param thoroughly whether to choose all of which somebody who asks for space would: a fifth of
   *     garbage is enough then, and no amount too small
   */
  List<Victim> choose(long newestHead, boolean thoroughly) throws IOException {
    int liveMax = thoroughly ? THOROUGH_LIVE_MAX : SPARSE_LIVE_MAX;
    List<Victim> sparse = new ArrayList<>();
    List<Victim> fuller = new ArrayList<>();
    List<Victim> small = new ArrayList<>();
    long garbage = 0;
    for (Candidate candidate :
        candidates(thoroughly ? Long.MAX_VALUE : segmentBytes * COUNTED_LIVE_MAX / 100)) {
      Victim victim = victim(candidate);
      if (victim == null
          || victim.birthHead() == SegmentUse.IMMORTAL_BIRTH_HEAD
          || victim.birthHead() > newestHead) {
        continue; // not stored yet, or never to be deleted
      }
      garbage += victim.gain();
      if (victim.isSparse(liveMax)) {
        sparse.add(victim);
        continue;
      }
      if (victim.isSparse(PRESSING_LIVE_MAX)) {
        fuller.add(victim);
      }
      if (victim.index().logicalLength() <= segmentBytes / 4
          && victim.birthHead() <= newestHead - REST_HEADS) {
        small.add(victim);
      }
    }
    pressure = new Pressure(garbage, ViewedVolume.spaceUse(access).usedBytes(), segmentBytes);
    if (pressure.isPressing()) {
      sparse.addAll(fuller);
    }
    List<Victim> batch = fitting(sparse);
    long gain = gain(batch);
    if ((thoroughly && gain > 0) || batch.size() >= FEW || gain >= segmentBytes / 2) {
      return batch;
    }
    return alike(fitting(small));
  }

  /** How many bytes are free when these are gone. */
  static long gain(List<Victim> victims) {
    return victims.stream().mapToLong(Victim::gain).sum();
  }

  /** What the last {@link #choose} saw; for any thread. */
  Pressure pressure() {
    return pressure;
  }

  /** Notes that something still refers to a segment that compaction has gone through. */
  void isStubborn(Victim victim) {
    stubborn.put(victim.nonce(), victim.liveBytes());
  }

  /** Segments that something still refers to which compaction did not find. */
  List<Victim> stubborn() throws IOException {
    List<Victim> victims = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    TreeEntries.visit(
        access,
        TreeKeys.segmentLives(),
        entry -> {
          Candidate candidate = candidate(entry);
          if (candidate.liveBytes > 0
              && Long.valueOf(candidate.liveBytes).equals(stubborn.get(candidate.nonce))) {
            candidates.add(candidate);
          }
        });
    for (Candidate candidate : candidates) {
      Victim victim = victim(candidate);
      if (victim != null) {
        victims.add(victim);
      }
    }
    return victims;
  }

  /**
   * The next segments that are not the volume's own and of which files refer to bytes.
   *
   * @param after where to go on; null for the beginning
   */
  List<Victim> shared(Lineage lineage, @Nullable Nonce after) throws IOException {
    List<Victim> victims = new ArrayList<>();
    TreeKeys.Range lives = TreeKeys.livesBetween(after, lineage.ancestors().getLast().last());
    TreeEntries.visitSlices(
        access,
        lives,
        CANDIDATES_MAX,
        slice -> {
          for (Entry entry : slice) {
            Candidate candidate = candidate(entry);
            Victim victim = candidate.liveBytes > 0 ? victim(candidate) : null;
            if (victim != null) {
              victims.add(victim);
            }
          }
          return victims.isEmpty();
        });
    return victims;
  }

  /**
   * The segments that are not the volume's own and of which files refer to nothing: an owner before
   * this one may have known that they are to die, and did not live to see it.
   */
  Set<Nonce> sharedInVain(Lineage lineage) throws IOException {
    Set<Nonce> idle = new HashSet<>();
    TreeEntries.visit(
        access,
        TreeKeys.recordsUntil(lineage.ancestors().getLast().last()).getFirst(),
        entry -> {
          Nonce nonce = segment(entry);
          Optional<byte[]> live =
              access.shared(
                  () -> Optional.ofNullable(access.view().get(TreeKeys.segmentLive(nonce))));
          if (live.isEmpty()
              || candidate(new Entry(TreeKeys.segmentLive(nonce), live.get())).liveBytes == 0) {
            idle.add(nonce);
          }
        });
    return idle;
  }

  private static Nonce segment(Entry entry) throws VolumeException {
    try {
      return ((Mutation.SegmentPut) Mutation.ofEntry(entry.key(), entry.value())).nonce();
    } catch (MalformedRecord e) {
      throw malformed(e);
    }
  }

  /** As many of these, from the front, as fit into one segment; at least one if there is any. */
  List<Victim> fitting(List<Victim> victims) {
    List<Victim> fitting = new ArrayList<>();
    long bytes = 0;
    for (Victim victim : victims) {
      bytes += victim.liveBytes();
      if (bytes > segmentBytes && !fitting.isEmpty()) {
        break;
      }
      fitting.add(victim);
    }
    return fitting;
  }

  /** Drops those from the end that are greater than all before them together. */
  private static List<Victim> alike(List<Victim> smallestFirst) {
    List<Victim> alike = new ArrayList<>(smallestFirst);
    long bytes = alike.stream().mapToLong(Victim::liveBytes).sum();
    while (alike.size() >= FEW && 2 * alike.getLast().liveBytes() > bytes) {
      bytes -= alike.removeLast().liveBytes();
    }
    return alike.size() < FEW ? List.of() : alike;
  }

  private List<Candidate> candidates(long liveBytesMax) throws IOException {
    PriorityQueue<Candidate> fewest =
        new PriorityQueue<>(Comparator.comparingLong(Candidate::liveBytes).reversed());
    TreeEntries.visit(
        access,
        TreeKeys.segmentLives(),
        entry -> {
          Candidate candidate = candidate(entry);
          if (candidate.liveBytes > 0
              && candidate.liveBytes <= liveBytesMax
              && !elsewhere.isForeign(candidate.nonce)
              && !Long.valueOf(candidate.liveBytes).equals(stubborn.get(candidate.nonce))) {
            fewest.add(candidate);
            if (fewest.size() > CANDIDATES_MAX) {
              fewest.remove();
            }
          }
        });
    List<Candidate> all = new ArrayList<>(fewest);
    all.sort(Comparator.comparingLong(Candidate::liveBytes).thenComparing(Candidate::nonce));
    return all;
  }

  private static Candidate candidate(Entry entry) throws VolumeException {
    try {
      var live = (Mutation.SegmentLivePut) Mutation.ofEntry(entry.key(), entry.value());
      return new Candidate(live.nonce(), live.liveBytes());
    } catch (MalformedRecord e) {
      throw malformed(e);
    }
  }

  /** Null for a segment that is not recorded yet. */
  private @Nullable Victim victim(Candidate candidate) throws IOException {
    Optional<byte[]> value =
        access.shared(
            () -> Optional.ofNullable(access.view().get(TreeKeys.segment(candidate.nonce))));
    if (value.isEmpty()) {
      return null;
    }
    try {
      SegmentRecord record = SegmentRecord.decode(value.get());
      return new Victim(
          SegmentIndex.decode(record.index().toBytes()), record.birthHead(), candidate.liveBytes);
    } catch (MalformedRecord | IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  private static VolumeException malformed(Exception e) {
    return new VolumeException(
        Reason.DAMAGED, "the tree's records of segments are malformed: " + e.getMessage(), e);
  }
}
