package io.strata.fsck.space;

import io.strata.checkpoint.format.Head;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.Mutation;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.finding.TreeFinding;
import io.strata.fsck.scratch.Scratch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.util.SortedSet;

/**
 * Checks what is recorded as dead: nothing may use it any more, and as long as a head from its
 * lifetime is kept, it must still be there.
 */
public final class DeadCheck {
  private final Inventory inventory;
  private final Head head;
  private final Findings findings;
  private final DeadTable dead;

  public DeadCheck(Inventory inventory, Head head, Findings findings, Scratch scratch) {
    this.dead = new DeadTable(scratch);
    this.inventory = inventory;
    this.head = head;
    this.findings = findings;
  }

  /** Takes an entry as of now. */
  public void takeNow(Mutation.Put entry) {
    if (entry instanceof Mutation.DeadPut(DeadObject object)) {
      dead.add(object);
    }
  }

  /** What is recorded as dead. */
  Iterable<DeadObject> objects() {
    return dead;
  }

  boolean isDeadSegment(long nonce) {
    return dead.has(DeadObject.Kind.SEGMENT, nonce);
  }

  boolean isDeadPack(long nonce) {
    return dead.has(DeadObject.Kind.PACK, nonce);
  }

  /** Checks everything that is dead when all entries have been taken. */
  public void end(SpaceCheck space, PackCheck packCheck) {
    SortedSet<Long> kept = head.kept();
    for (DeadObject object : dead) {
      ObjectKey key = key(object);
      long length =
          (object.kind() == DeadObject.Kind.SEGMENT ? inventory.segments() : inventory.packs())
              .get(object.nonce().value(), -1);
      if (length >= 0 && length != object.storedBytes()) {
        ObjectFinding wrong = new ObjectFinding.WrongLength(key, object.storedBytes(), length);
        findings.add(new ObjectFinding.Spare(key, wrong.what()));
      }
      if (length < 0 && object.birthHead() < object.deathHead()) {
        for (long number : kept.subSet(object.birthHead(), object.deathHead())) {
          findings.add(new HistoryFinding.CheckpointLost(number, key));
        }
      }
      inUse(object, key, space, packCheck);
    }
  }

  private void inUse(DeadObject object, ObjectKey key, SpaceCheck space, PackCheck packCheck) {
    switch (object.kind()) {
      case SEGMENT -> {
        SegmentFacts facts = space.table().find(object.nonce());
        if (facts != null && facts.liveNow() > 0) {
          findings.add(
              new TreeFinding.DeadInUse(key, "%d bytes of files".formatted(facts.liveNow())));
        } else if (facts != null && facts.recorded()) {
          findings.add(new TreeFinding.DeadInUse(key, "the tree's record of it"));
        }
      }
      case PACK -> {
        if (packCheck.isReached(object.nonce())) {
          findings.add(new TreeFinding.DeadInUse(key, "the tree"));
        }
      }
    }
  }

  /** The name of a dead object. */
  static ObjectKey key(DeadObject object) {
    return switch (object.kind()) {
      case SEGMENT -> ObjectNames.segment(object.nonce());
      case PACK -> ObjectNames.pack(object.nonce());
    };
  }
}
