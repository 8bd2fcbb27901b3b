package io.strata.fsck.dump;

import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.bucket.LongLongMap;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.tree.EntryVisitor;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.VolumeView;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.util.PrimitiveIterator;
import java.util.function.LongPredicate;

/**
 * What the volume knew of its objects before a dump was loaded into it. What the loaded state does
 * not refer to dies with it, and stays while a kept head refers to it, as after a rollback. What
 * cannot be read of a damaged tree is left to {@code strata gc}. Confined to a thread.
 */
final class FormerObjects {
  /** A birth that every kept head is later than: nothing is let go too early. */
  private static final long UNKNOWN_BIRTH = 1;

  private final LongLongMap segmentBirths;
  private final LongLongMap segmentBytes;
  private final LongLongMap packBirths;
  private final LongLongMap packBytes;
  private final long next;

  private FormerObjects(Scratch scratch, long next) {
    this.segmentBirths = new LongLongMap(scratch);
    this.segmentBytes = new LongLongMap(scratch);
    this.packBirths = new LongLongMap(scratch);
    this.packBytes = new LongLongMap(scratch);
    this.next = next;
  }

  /**
   * Reads what a volume knows.
   *
   * @param next the number that the head of the loaded state will have
   */
  static FormerObjects of(VolumeView view, Scratch scratch, long next)
      throws StoreException, InterruptedException {
    FormerObjects former = new FormerObjects(scratch, next);
    view.scan(KeyRange.of(TreeKeys.objects()), former::take);
    return former;
  }

  private void take(byte[] key, byte[] value) {
    try {
      switch (Mutation.ofEntry(key, value)) {
        case Mutation.SegmentPut put -> {
          SegmentIndex index = SegmentIndex.decode(put.segment().index().toBytes());
          segmentBirths.put(put.nonce().value(), put.segment().birthHead());
          segmentBytes.put(put.nonce().value(), index.objectLength());
        }
        case Mutation.PackPut put -> {
          packBirths.put(put.nonce().value(), put.pack().birthHead());
          packBytes.put(put.nonce().value(), put.pack().storedBytes());
        }
        case Mutation.Put other -> {}
      }
    } catch (MalformedRecord | IllegalArgumentException damaged) {
      // As if it were not there: strata gc finds the object when nothing needs it.
      return;
    }
  }

  /** The number of the first head that knew a segment. */
  long birth(long segment) {
    return segmentBirths.get(segment, UNKNOWN_BIRTH);
  }

  /**
   * Hands out the notes of dead objects of the loaded state, in the order of the tree.
   *
   * @param lives which segments it refers to
   */
  void dead(VolumeView view, LongPredicate lives, EntryVisitor entries)
      throws StoreException, InterruptedException {
    view.scan(
        KeyRange.of(TreeKeys.deads()),
        (key, value) -> {
          if (isDead(key, value, lives)) {
            entries.entry(key, value);
          }
        });
    for (PrimitiveIterator.OfLong nonces = segmentBirths.keys(); nonces.hasNext(); ) {
      long nonce = nonces.nextLong();
      long birth = segmentBirths.get(nonce, UNKNOWN_BIRTH);
      if (!lives.test(nonce) && birth != Load.FOR_EVER) {
        note(DeadObject.Kind.SEGMENT, nonce, birth, segmentBytes.get(nonce, 0), entries);
      }
    }
    for (PrimitiveIterator.OfLong nonces = packBirths.keys(); nonces.hasNext(); ) {
      long nonce = nonces.nextLong();
      note(
          DeadObject.Kind.PACK,
          nonce,
          packBirths.get(nonce, UNKNOWN_BIRTH),
          packBytes.get(nonce, 0),
          entries);
    }
  }

  /** Whether a note still holds: what had died may live again. */
  private static boolean isDead(byte[] key, byte[] value, LongPredicate lives) {
    try {
      return Mutation.ofEntry(key, value) instanceof Mutation.DeadPut put
          && (put.object().kind() == DeadObject.Kind.PACK
              || !lives.test(put.object().nonce().value()));
    } catch (MalformedRecord damaged) {
      return false;
    }
  }

  private void note(
      DeadObject.Kind kind, long nonce, long birth, long bytes, EntryVisitor entries)
      throws StoreException, InterruptedException {
    Mutation.DeadPut put =
        new Mutation.DeadPut(
            new DeadObject(next, kind, new Nonce(nonce), Math.min(birth, next), bytes));
    entries.entry(put.key(), put.value());
  }
}
