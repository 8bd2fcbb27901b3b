package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.TreeDifference;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.PackRecord;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the state of a kept head the state of the volume again. Confined to one thread.
 *
 * <p>The files are those of the old head's tree. What it says of objects is brought up to date: it
 * does not know of those that were born since, which die now, nor that some of those that it refers
 * to had died, which live again. Invariant: of each object that the newest head knows, the state
 * afterwards has either a record or a note that it is dead, and it has a record of each that the
 * old tree refers to.
 *
 * @param store where both trees are read from
 * @param target the state to go back to, whose head is kept
 * @param inUse segments that somebody writes to at present: they stay
 * @param lost makes up for segments that only the log knew
 */
record Rollback(
    ObjectStore store,
    VolumeLimits limits,
    PastPoint target,
    Predicate<Nonce> inUse,
    LostSegments lost) {
  /** Entries of a tree in memory at a time. */
  static final int AT_A_TIME = 1000;

  /**
   * A state to be put in the place of another.
   *
   * @param counters what the pages of its tree were counted to be before anything was changed
   */
  record Prepared(VolumeState state, TreeCounters counters) {}

  /**
   * Works the state out. Nothing is changed.
   *
   * @param left the newest head, which holds all that has happened
   * @param next the number that the head of the state will have
   */
  Prepared prepare(Head left, long next) throws IOException {
    Head base = target.base().head();
    BTree now = tree(left);
    BTree then = tree(base);
    VolumeState state =
        new VolumeState(then, base.counters().inodes(), base.counters().usedBytes());
    applyAll(state, Recovery.carried(base));
    VolumeState present =
        new VolumeState(now, left.counters().inodes(), left.counters().usedBytes());
    applyAll(present, Recovery.carried(left));
    state.clearLiveChanges();
    PastTree.Until until = target.until();
    if (until != null) {
      // What this changes of live bytes is folded into the tree when it is written.
      LogReplay replay = lost.replay(target, until, state, left);
      applyAll(state, lost.found(replay, state, now));
    }
    applyAll(state, corrections(now, then, next));
    return new Prepared(state, base.counters());
  }

  private BTree tree(Head head) {
    return Opening.tree(store, head.root(), limits);
  }

  private static void applyAll(VolumeState state, List<Mutation> mutations) throws IOException {
    for (Mutation mutation : mutations) {
      Unshared.run(
          () -> {
            state.change(List.of(mutation));
            return true;
          });
    }
  }

  /** What the old tree must learn of objects. */
  private List<Mutation> corrections(BTree now, BTree then, long next) throws IOException {
    List<Mutation> corrections = new ArrayList<>();
    TreeKeys.Range objects = TreeKeys.objects();
    TreeDifference difference =
        new TreeDifference(then, now, objects.from(), objects.toExclusive());
    List<Changed> some = new ArrayList<>();
    boolean done = false;
    while (!done) {
      some.clear();
      done =
          Unshared.run(
              () ->
                  difference.advance(
                      (key, old, late) -> {
                        some.add(new Changed(key, old, late));
                        return some.size() < AT_A_TIME;
                      }),
              now,
              then);
      for (Changed each : some) {
        correct(each, then, next, corrections);
      }
    }
    return corrections;
  }

  /** An entry about an object that is not as it was. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Changed(byte[] key, byte @Nullable [] then, byte @Nullable [] now) {}

  private void correct(Changed entry, BTree then, long next, List<Mutation> corrections)
      throws IOException {
    if (entry.now() == null) {
      if (decode(entry.key(), entry.then()) instanceof Mutation.DeadPut gone) {
        DeadObject object = gone.object();
        corrections.add(
            new Mutation.DeadDelete(object.deathHead(), object.kind(), object.nonce()));
      }
      return;
    }
    if (entry.then() != null) {
      return;
    }
    switch (decode(entry.key(), entry.now())) {
      case Mutation.SegmentPut put -> born(put, next, corrections);
      case Mutation.PackPut put -> {
        PackRecord pack = put.pack();
        corrections.add(
            new Mutation.DeadPut(
                new DeadObject(
                    next,
                    DeadObject.Kind.PACK,
                    put.nonce(),
                    pack.birthHead(),
                    pack.storedBytes())));
      }
      case Mutation.DeadPut put -> {
        DeadObject object = put.object();
        byte[] living =
            switch (object.kind()) {
              case SEGMENT -> TreeKeys.segment(object.nonce());
              case PACK -> TreeKeys.pack(object.nonce());
            };
        if (Unshared.run(() -> then.get(living) == null, then)) {
          corrections.add(put);
        }
      }
      case Mutation.Put other -> {
        // Live bytes go with the records of their segments.
      }
    }
  }

  private void born(Mutation.SegmentPut put, long next, List<Mutation> corrections) {
    SegmentRecord record = put.segment();
    boolean forEver = record.birthHead() == SegmentUse.IMMORTAL_BIRTH_HEAD;
    if (forEver || inUse.test(put.nonce())) {
      corrections.add(put);
      corrections.add(new Mutation.SegmentLivePut(put.nonce(), 0));
    } else {
      corrections.add(new Mutation.DeadPut(SegmentUse.dead(put.nonce(), record, next)));
    }
  }

  private static Mutation.Put decode(byte[] key, byte @Nullable [] value) throws IOException {
    try {
      return Mutation.ofEntry(key, value == null ? new byte[0] : value);
    } catch (MalformedRecord e) {
      throw new VolumeException(
          Reason.DAMAGED, "a record of an object is malformed: " + e.getMessage(), e);
    }
  }
}
