package io.strata.fs.volume;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.segment.BlockReader;
import io.strata.segment.RecoveredSegment;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a volume's state up to the end of its logs. Confined to the thread that opens the volume.
 *
 * <p>What it puts (segments in place of those that are missing) is a function of the logs alone, so
 * it can be interrupted anywhere and done again.
 */
final class Recovery {
  private final ObjectStore store;
  private final OncePut once;
  private final VolumeId volume;
  private final TreeAccess access;
  private final Platform platform;

  Recovery(
      ObjectStore store, OncePut once, VolumeId volume, TreeAccess access, Platform platform) {
    this.store = store;
    this.once = once;
    this.volume = volume;
    this.access = access;
    this.platform = platform;
  }

  /**
   * Judges entries of this volume's logs.
   *
   * @param known what {@link #lookAhead} found
   */
  LogVerdict verdict(Map<Nonce, SegmentIndex> known) {
    return new LogVerdict(this::findSegment, known);
  }

  /**
   * Looks for the segments that logs name or hold bytes of, several at a time, so that a damaged one
   * is met before anything is changed.
   *
   * @return those that are there
   */
  Map<Nonce, SegmentIndex> lookAhead(List<LogTail> tails) throws IOException {
    Set<Nonce> named = new LinkedHashSet<>();
    for (LogTail tail : tails) {
      for (LogEntry.Groups entry : tail.entries()) {
        entry.dependencies().forEach(dependency -> named.add(dependency.nonce()));
        entry.inline().forEach(run -> named.add(run.nonce()));
      }
    }
    return stored().find(named);
  }

  private StoredSegments stored() {
    return new StoredSegments(store, volume, platform);
  }

  private SegmentIndex findSegment(Nonce nonce, List<InlineRun> inline) throws IOException {
    try {
      return BlockReader.readIndex(store, volume, nonce);
    } catch (StoreException.Missing e) {
      List<io.strata.segment.InlineRun> runs = new ArrayList<>(inline.size());
      for (InlineRun run : inline) {
        runs.add(
            new io.strata.segment.InlineRun(run.nonce(), run.logicalOffset(), run.bytes()));
      }
      return RecoveredSegment.put(once, store, volume, nonce, runs);
    }
  }

  /** The mutations that a head carries. */
  static List<Mutation> carried(Head head) throws VolumeException {
    try {
      return MutationCodec.decode(head.carry());
    } catch (MalformedRecord e) {
      throw damaged("head " + head.number(), e);
    }
  }

  /** Applies what a head carries and operations need, and returns the rest. */
  List<Mutation> applyCarried(Head head) throws IOException {
    List<Mutation> now = new ArrayList<>();
    List<Mutation> later = new ArrayList<>();
    for (Mutation mutation : carried(head)) {
      (PackUse.isPackChange(mutation) ? later : now).add(mutation);
    }
    apply(now);
    return later;
  }

  /**
   * Applies the groups of all entries that count.
   *
   * @return records of segments that the logs refer to and the tree does not know, or not rightly:
   *     the log may end between a segment's first use and the group that records it
   */
  List<Mutation> replay(LogVerdict verdict, long head) throws IOException {
    Set<Nonce> used = new TreeSet<>();
    for (LogEntry.Groups entry : verdict.accepted()) {
      for (byte[] group : entry.groups()) {
        List<Mutation> mutations = decode(group, "log " + entry.position());
        apply(mutations);
        for (Mutation mutation : mutations) {
          if (mutation instanceof Mutation.ExtentPut put) {
            used.add(put.extent().nonce());
          }
        }
      }
    }
    Map<Nonce, SegmentIndex> found = verdict.segments();
    List<Mutation> records = new ArrayList<>();
    for (SegmentIndex index : found.values()) {
      // Nothing that counts refers to a tombstone.
      if (index.logicalLength() > 0) {
        long birth =
            verdict.isDecisive(index.nonce()) ? SegmentUse.IMMORTAL_BIRTH_HEAD : head;
        correct(index, birth, records);
      }
    }
    used.removeAll(found.keySet());
    List<Nonce> unknown = new ArrayList<>();
    for (Nonce nonce : used) {
      if (known(nonce).isEmpty()) {
        unknown.add(nonce);
      }
    }
    Map<Nonce, SegmentIndex> unrecorded = stored().find(unknown);
    for (Nonce nonce : unknown) {
      SegmentIndex index = unrecorded.get(nonce);
      if (index == null) {
        throw new StoreException.Missing(ObjectNames.segment(nonce), store.location());
      }
      correct(index, head, records);
    }
    return records;
  }

  private void correct(SegmentIndex index, long head, List<Mutation> records)
      throws IOException {
    Mutation.SegmentPut right = Checkpointer.record(index, head);
    Optional<SegmentRecord> known = known(index.nonce());
    if (known.isEmpty() || !known.get().index().equals(right.segment().index())) {
      records.add(right);
    }
  }

  private Optional<SegmentRecord> known(Nonce nonce) throws IOException {
    Optional<byte[]> value =
        access.exclusively(
            () -> Optional.ofNullable(access.state().tree().get(TreeKeys.segment(nonce))));
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(segmentRecord(nonce, value.get()));
  }

  void apply(List<Mutation> mutations) throws IOException {
    access.update(() -> access.state().change(mutations));
  }

  /** Reads the root page, so that a damaged tree is found before anything is changed. */
  void checkRoot(@Nullable PageAddress root) throws IOException {
    if (root != null) {
      access.update(() -> access.state().tree().get(TreeKeys.orphans().from()));
    }
  }

  private static SegmentRecord segmentRecord(Nonce nonce, byte[] value) throws VolumeException {
    try {
      return SegmentRecord.decode(value);
    } catch (MalformedRecord e) {
      throw damaged("the tree's record of segment " + nonce, e);
    }
  }

  /** The mutations of a group. */
  static List<Mutation> decode(byte[] group, String where) throws VolumeException {
    try {
      return MutationCodec.decode(group);
    } catch (MalformedRecord e) {
      throw damaged(where, e);
    }
  }

  private static VolumeException damaged(String where, MalformedRecord e) {
    return new VolumeException(
        Reason.DAMAGED,
        where + " is malformed: " + e.getMessage() + "; run strata fsck to see what is affected",
        e);
  }
}
