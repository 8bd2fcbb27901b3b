package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Lifetime;
import io.strata.checkpoint.PinnedSpace;
import io.strata.checkpoint.format.Head;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Segments and packs that nothing in the tree refers to any more: the tree notes them until they
 * are deleted. Used by one checkpoint at a time.
 */
final class DeadObjects {
  /** How many notes are read at a time, under the lock. */
  private static final int CHUNK = 4000;

  /** How many objects are deleted after a checkpoint; the rest waits for the next. */
  private static final int DELETED_MAX = 100_000;

  /** How many objects that cannot be deleted are weighed. */
  private static final int WEIGHED_MAX = 100_000;

  /** Garbage that checkpoints pin is at most this share of what is live. */
  private static final long PINNED_SHARE = 4;

  private final TreeAccess access;
  private final HeadKeeper heads;
  private final Lineage elsewhere;
  private final long pinnedBytesMin;
  private volatile long letGo;
  private PinnedSpace pinned = new PinnedSpace(0, 0, false);

  /**
   * The dead objects of a volume.
   *
   * @param elsewhere which objects are in other volumes' places, where it is not for this one to
   *     give back their space
   * @param pinnedBytesMin so much may be pinned by checkpoints, however little is live
   */
  DeadObjects(TreeAccess access, HeadKeeper heads, Lineage elsewhere, long pinnedBytesMin) {
    this.access = access;
    this.heads = heads;
    this.elsewhere = elsewhere;
    this.pinnedBytesMin = pinnedBytesMin;
  }

  /** What the last {@link #delete} could not delete because checkpoints refer to it. */
  PinnedSpace pinned() {
    return pinned;
  }

  /**
   * Deletes those that no kept head can refer to, and heads and logs that are kept no longer.
   *
   * @param forgotten what was returned before and has not reached the tree
   * @return what makes the tree forget those that are gone
   * @throws IOException if the store fails; what was not deleted stays noted
   */
  List<Mutation> delete(Set<Mutation> forgotten) throws IOException {
    Head newest = heads.current().head();
    List<Mutation> deleted = new ArrayList<>();
    Left left = new Left(newest.lineage());
    TreeEntries.visitSlices(
        access,
        TreeKeys.deads(),
        CHUNK,
        chunk -> {
          deleted.addAll(delete(chunk, newest, forgotten, left));
          return deleted.size() < DELETED_MAX;
        });
    heads.collect();
    weigh(left.own, newest);
    if (!newest.lineage().isNone()
        && deleted.size() < DELETED_MAX
        && !left.foreign
        && Garbage.quarantine(newest).isEmpty()
        && !Ancestors.isNeeded(access, newest.lineage())) {
      heads.isWhole();
    }
    return deleted;
  }

  /** What could not be deleted. */
  private final class Left {
    private final List<PinnedSpace.Dead> own = new ArrayList<>();
    private final Lineage lineage;
    private boolean foreign;

    Left(Lineage lineage) {
      this.lineage = lineage;
    }

    void add(Lifetime lifetime, DeadObject object) {
      foreign |= lineage.isForeign(object.nonce());
      if (own.size() < WEIGHED_MAX && !elsewhere.isForeign(object.nonce())) {
        own.add(new PinnedSpace.Dead(lifetime, object.storedBytes()));
      }
    }
  }

  private void weigh(List<PinnedSpace.Dead> left, Head newest) {
    long live = ViewedVolume.spaceUse(access).usedBytes();
    pinned = PinnedSpace.of(left, newest, Math.max(pinnedBytesMin, live / PINNED_SHARE));
    heads.retainFrom(Math.max(letGo, pinned.retainFrom()));
  }

  /** Keeps no checkpoint before head {@code number} from the next on, but a few most recent ones. */
  void letGoBefore(long number) {
    letGo = number;
  }

  private List<Mutation> delete(
      List<Entry> notes, Head newest, Set<Mutation> forgotten, Left left)
      throws IOException {
    Map<ObjectKey, Mutation> byKey = new HashMap<>();
    List<Lifetime> lifetimes = new ArrayList<>();
    for (Entry note : notes) {
      DeadObject object = object(note);
      Lifetime lifetime = new Lifetime(key(object), object.birthHead(), object.deathHead());
      Mutation forget =
          new Mutation.DeadDelete(object.deathHead(), object.kind(), object.nonce());
      if (forgotten.contains(forget)) {
        continue;
      }
      if (Garbage.mayGo(lifetime, newest)) {
        byKey.put(lifetime.key(), forget);
        lifetimes.add(lifetime);
      } else {
        left.add(lifetime, object);
      }
    }
    if (lifetimes.isEmpty()) {
      return List.of();
    }
    List<Mutation> deleted = new ArrayList<>();
    for (Lifetime gone : heads.delete(lifetimes)) {
      deleted.add(Objects.requireNonNull(byKey.get(gone.key())));
    }
    return deleted;
  }

  static ObjectKey key(DeadObject object) {
    return switch (object.kind()) {
      case SEGMENT -> ObjectNames.segment(object.nonce());
      case PACK -> ObjectNames.pack(object.nonce());
    };
  }

  /** What a note says. */
  static DeadObject object(Entry note) throws VolumeException {
    try {
      return ((Mutation.DeadPut) Mutation.ofEntry(note.key(), note.value())).object();
    } catch (MalformedRecord e) {
      throw new VolumeException(
          Reason.DAMAGED, "the tree's note of a dead object is malformed: " + e.getMessage(), e);
    }
  }
}
