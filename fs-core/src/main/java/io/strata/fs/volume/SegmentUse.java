package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.segment.Placement;
import io.strata.segment.SegmentLog;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.lineage.Lineage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which segments still hold something, and which writes are under way into them.
 *
 * <p>Live bytes change with every write; they are summed in memory ({@link
 * VolumeState#liveChanges}) and folded into the tree when a checkpoint freezes it, so that a segment
 * costs one record a checkpoint and not one a write. A segment without live bytes dies at the
 * checkpoint that finds it so, unless a write into it is pinned: its bytes are in the segment and
 * its extent is not in the tree yet.
 *
 * <p>Guarded by the volume's exclusive lock, {@link #append}, {@link #pin} and {@link
 * #unpin} by its own.
 */
final class SegmentUse {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentUse.class);

  /** The birth head of a segment that is never to be deleted ({@link LogVerdict#isDecisive}). */
  static final long IMMORTAL_BIRTH_HEAD = 0;

  private final Lineage lineage;
  private final Map<Nonce, Integer> pins = new HashMap<>();

  /** Segments that had no live bytes when last looked at and could not be declared dead. */
  private final Set<Nonce> idle = new HashSet<>();

  /**
   * For a volume.
   *
   * @param lineage which segments are not its own: none of its owners can run into one of those
   */
  SegmentUse(Lineage lineage) {
    this.lineage = lineage;
  }

  /**
   * What a checkpoint changes in the tree so that its live bytes are exact.
   *
   * @param mutations to be applied
   * @param idle segments to be looked at again by the next one
   */
  record Fold(List<Mutation> mutations, Set<Nonce> idle) {}

  /**
   * Appends bytes to the open segment and pins it. One step, so that a fold sees the segment either
   * open or pinned.
   */
  synchronized Placement append(
      SegmentLog segments, MemorySegment bytes, long ino, long fileOffset) {
    Placement placement = segments.append(bytes, ino, fileOffset);
    pin(placement.nonce());
    return placement;
  }

  /** Pins a segment that extents are going to refer to, until {@link #unpin}. */
  synchronized void pin(Nonce nonce) {
    pins.merge(nonce, 1, Integer::sum);
  }

  /** Ends the pin of an {@link #append}: the extent is committed, or never will be. */
  synchronized void unpin(Nonce nonce) {
    pins.computeIfPresent(nonce, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Whether a write into a segment is under way. */
  synchronized boolean pinned(Nonce nonce) {
    return pins.containsKey(nonce);
  }

  /** Notes a segment that is sealed and indexed: if nothing refers to it, it is to die. */
  void sealed(Nonce nonce) {
    idle.add(nonce);
  }

  /**
   * Works out a fold.
   *
   * @param head the number that the checkpoint's head will have
   */
  Fold fold(VolumeState state, long head) throws PageMissing {
    Map<Nonce, Long> changes = new HashMap<>(state.liveChanges());
    for (Nonce nonce : idle) {
      changes.putIfAbsent(nonce, 0L);
    }
    Fold fold = new Fold(new ArrayList<>(changes.size()), new HashSet<>());
    for (Map.Entry<Nonce, Long> change : changes.entrySet()) {
      fold(state.tree(), change.getKey(), change.getValue(), head, fold);
    }
    return fold;
  }

  private void fold(BTree tree, Nonce nonce, long change, long head, Fold fold)
      throws PageMissing {
    byte[] value = tree.get(TreeKeys.segmentLive(nonce));
    long live = (value == null ? 0 : liveBytes(nonce, value)) + change;
    if (live < 0) {
      LOG.error(
          "segment {} has {} live bytes: its space is not given back; run strata fsck",
          nonce,
          live);
      return;
    }
    byte[] segment = live == 0 ? tree.get(TreeKeys.segment(nonce)) : null;
    if (segment != null && !pinned(nonce)) {
      DeadObject dead = dead(nonce, segment, head);
      if (dead.birthHead() != IMMORTAL_BIRTH_HEAD || lineage.isForeign(nonce)) {
        fold.mutations().add(new Mutation.SegmentDelete(nonce));
        fold.mutations().add(new Mutation.SegmentLiveDelete(nonce));
        fold.mutations().add(new Mutation.DeadPut(dead));
        return;
      }
    }
    if (live == 0 && (segment != null || change != 0)) {
      fold.idle().add(nonce);
    }
    if (change != 0 || (value == null && segment != null)) {
      fold.mutations().add(new Mutation.SegmentLivePut(nonce, live));
    }
  }

  /** Notes that the mutations of a fold have been applied. */
  void applied(Fold fold) {
    idle.clear();
    idle.addAll(fold.idle());
  }

  private static DeadObject dead(Nonce nonce, byte[] value, long head) {
    try {
      return dead(nonce, SegmentRecord.decode(value), head);
    } catch (MalformedRecord e) {
      throw new IllegalStateException("the record of segment " + nonce + " is malformed", e);
    }
  }

  /** The note of a segment that dies at head {@code head}. */
  static DeadObject dead(Nonce nonce, SegmentRecord record, long head) {
    try {
      long storedBytes = SegmentIndex.decode(record.index().toBytes()).objectLength();
      return new DeadObject(
          head, DeadObject.Kind.SEGMENT, nonce, record.birthHead(), storedBytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("the record of segment " + nonce + " is malformed", e);
    }
  }

  private static long liveBytes(Nonce nonce, byte[] value) {
    try {
      Mutation.Put entry = Mutation.ofEntry(TreeKeys.segmentLive(nonce), value);
      return ((Mutation.SegmentLivePut) entry).liveBytes();
    } catch (MalformedRecord e) {
      throw new IllegalStateException("the live bytes of " + nonce + " are malformed", e);
    }
  }
}
