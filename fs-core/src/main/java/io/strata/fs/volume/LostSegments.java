package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.Entry;
import io.strata.checkpoint.format.Head;
import io.strata.fs.DataRun;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.replay.LogReader;
import io.strata.segment.Placement;
import io.strata.segment.SegmentLog;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of segments that were born and replaced between two checkpoints when the volume goes
 * back to a moment between them. No head ever kept those: the object is recorded as living, or noted
 * as dead and lives again, or is gone. Of one that is gone, the bytes that the log carried are
 * written once more; others are lost, and the volume does not go back to where they are needed.
 *
 * <p>For one rollback, by one thread.
 */
final class LostSegments {
  /** Bytes that are written again at a time. */
  private static final int PIECE_BYTES = 1 << 20;

  private final StoredSegments stored;
  private final LogReader logs;
  private final SegmentLog segments;
  private final SegmentUse use;
  private final List<Nonce> pins = new ArrayList<>();

  LostSegments(StoredSegments stored, LogReader logs, SegmentLog segments, SegmentUse use) {
    this.stored = stored;
    this.logs = logs;
    this.segments = segments;
    this.use = use;
  }

  /** Applies the logs behind a head's tree to it, as far as a state is to be. */
  LogReplay replay(PastPoint point, PastTree.Until until, VolumeState state, Head newest)
      throws IOException {
    LogReplay replay = new LogReplay(until, stored, state);
    replay.run(logs, point, newest);
    return replay;
  }

  /**
   * What a state must learn so that it has a record of each segment that it refers to and of no other
   * that the entries spoke of.
   *
   * @param state what the entries have made of the tree of their head
   * @param now the tree of the newest head
   * @throws VolumeException if bytes are gone
   */
  List<Mutation> found(LogReplay replay, VolumeState state, BTree now) throws IOException {
    List<Mutation> mutations = new ArrayList<>();
    Set<Nonce> wanted = new HashSet<>();
    for (Nonce segment : replay.segments()) {
      mutations.add(new Mutation.SegmentDelete(segment));
      if (state.liveChanges().getOrDefault(segment, 0L) > 0) {
        wanted.add(segment);
      }
    }
    for (Nonce segment : Set.copyOf(wanted)) {
      byte[] value = Unshared.get(now, TreeKeys.segment(segment));
      if (value != null) {
        mutations.add(new Mutation.SegmentPut(segment, SegmentRecord.decode(value)));
        wanted.remove(segment);
      }
    }
    if (!wanted.isEmpty()) {
      Map<Nonce, Long> births = births(wanted, now);
      for (SegmentIndex index : stored.find(births.keySet()).values()) {
        long birth = births.getOrDefault(index.nonce(), SegmentUse.IMMORTAL_BIRTH_HEAD);
        mutations.add(Checkpointer.record(index, birth));
        wanted.remove(index.nonce());
      }
    }
    if (!wanted.isEmpty()) {
      writeAgain(wanted, replay, state, mutations);
    }
    return mutations;
  }

  /** When those were born that are noted as dead. */
  private static Map<Nonce, Long> births(Set<Nonce> wanted, BTree now) throws IOException {
    Map<Nonce, Long> births = new HashMap<>();
    List<Entry> some = new ArrayList<>();
    TreeKeys.Range deads = TreeKeys.deads();
    byte[] from = deads.from();
    do {
      some.clear();
      byte[] at = from;
      Unshared.run(
          () -> {
            some.clear();
            now.scan(
                at,
                deads.toExclusive(),
                (key, value) -> {
                  some.add(new Entry(key, value));
                  return some.size() < Rollback.AT_A_TIME;
                });
            return true;
          },
          now);
      for (Entry entry : some) {
        if (Mutation.ofEntry(entry.key(), entry.value()) instanceof Mutation.DeadPut dead
            && dead.object().kind() == DeadObject.Kind.SEGMENT
            && wanted.contains(dead.object().nonce())) {
          births.put(dead.object().nonce(), dead.object().birthHead());
        }
        from = Arrays.copyOf(entry.key(), entry.key().length + 1);
      }
    } while (some.size() == Rollback.AT_A_TIME);
    return births;
  }

  private void writeAgain(
      Set<Nonce> gone, LogReplay replay, VolumeState state, List<Mutation> mutations)
      throws IOException {
    for (Mutation.ExtentPut put : replay.extents()) {
      if (!gone.contains(put.extent().nonce())) {
        continue;
      }
      byte[] there = Unshared.get(state.tree(), put.key());
      if (Arrays.equals(there, put.value())) {
        mutations.add(new Mutation.ExtentDelete(put.ino(), put.extent().fileOffset()));
        writeAgain(put, replay.inline(), mutations);
      }
    }
  }

  private void writeAgain(
      Mutation.ExtentPut put, InlineRuns inline, List<Mutation> mutations)
      throws VolumeException {
    Extent extent = put.extent();
    for (long done = 0; done < extent.length(); done += PIECE_BYTES) {
      int length = (int) Math.min(PIECE_BYTES, extent.length() - done);
      MemorySegment bytes = MemorySegment.ofArray(new byte[length]);
      if (!inline.read(new DataRun(extent.nonce(), extent.logicalOffset() + done, bytes))) {
        throw KeptHeads.refused(
            ("bytes of inode %s were replaced before the next checkpoint and are kept no longer:"
                    + " go back to another moment, or copy what is wanted of this one with strata"
                    + " recover --path")
                .formatted(put.ino()));
      }
      long offset = extent.fileOffset() + done;
      Placement place = use.append(segments, bytes, put.ino().value(), offset);
      pins.add(place.nonce());
      mutations.add(
          new Mutation.ExtentPut(
              put.ino(), new Extent(offset, length, place.nonce(), place.logicalOffset())));
    }
  }

  /** The state is the volume's, or never will be. */
  void settled() {
    pins.forEach(use::unpin);
    pins.clear();
  }
}
