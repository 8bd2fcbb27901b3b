package io.strata.fs.continuity;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.Mutation;
import java.util.List;

/**
 * A request's record, in a slot of its client from its first group until it is answered; then what
 * it changed is in the witness.
 */
final class RecordedRequest implements RequestRecord {
  private static final int NO_SLOT = -1;

  private final RequestSlots slots;
  private final Witness witness;
  private final long unique;
  private int slot;
  private long lastGroup;

  /** Inodes that its groups have changed; 0 where there is none. */
  private final long[] changed = new long[RequestSlots.CHANGED_MAX];

  RecordedRequest(RequestSlots slots, Witness witness, long unique) {
    this(slots, witness, unique, NO_SLOT);
  }

  /** A record of a request that has a slot already. */
  RecordedRequest(RequestSlots slots, Witness witness, long unique, int slot) {
    this.slots = slots;
    this.witness = witness;
    this.unique = unique;
    this.slot = slot;
  }

  @Override
  public void writing(long group, List<Mutation> mutations) throws FsException {
    long made = 0;
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.InodePut put -> note(put.ino().value(), group);
        // Were the removal lost, whoever opens what is there again is to be told.
        case Mutation.InodeDelete removed -> note(removed.ino().value(), group);
        case Mutation.DentryPut put -> made = put.entry().child().value();
        case Mutation.OrphanPut put -> made = made == 0 ? put.ino().value() : made;
        case Mutation.Put other -> {}
        case Mutation.Delete other -> {}
      }
    }
    if (lastGroup == 0) {
      if (slot == NO_SLOT) {
        slot = slots.take();
      }
      if (slot == NO_SLOT) {
        throw new FsException(
            Errno.ENOMEM, "more than " + RequestSlots.COUNT + " requests are not answered");
      }
      slots.put(slot, unique, group, made, changed);
    } else {
      slots.update(slot, group, changed);
    }
    lastGroup = group;
  }

  private void note(long ino, long group) {
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == ino || changed[i] == 0) {
        changed[i] = ino;
        return;
      }
    }
    // It changes more than a slot has room for: for these it counts as answered from now on.
    witness.changed(ino, group);
  }

  @Override
  public void finished(long result) {
    if (lastGroup != 0) {
      slots.finish(slot, result);
    }
  }

  @Override
  public void answered() {
    // In this order: until the witness knows, the slot says it.
    for (long ino : changed) {
      if (ino != 0) {
        witness.changed(ino, lastGroup);
      }
    }
    if (slot != NO_SLOT) {
      slots.release(slot);
      slot = NO_SLOT;
    }
  }
}
