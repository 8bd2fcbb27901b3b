package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.btree.PageMissing;
import io.strata.checkpoint.Lifetime;
import io.strata.checkpoint.PinnedSpace;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Segments and packs that nothing in the tree refers to any more: the tree notes them until they
 * are deleted. Used by one checkpoint at a time.
 */
final class DeadObjects {
  /** How many are looked at after a checkpoint; the rest waits for the next. */
  private static final int LISTED_MAX = 4000;

  /** Garbage that checkpoints pin is at most this share of what is live. */
  private static final long PINNED_SHARE = 4;

  private final TreeAccess access;
  private final HeadKeeper heads;
  private final long pinnedBytesMin;
  private PinnedSpace pinned = new PinnedSpace(0, 0, false);

  /**
   * The dead objects of a volume.
   *
   * @param pinnedBytesMin so much may be pinned by checkpoints, however little is live
   */
  DeadObjects(TreeAccess access, HeadKeeper heads, long pinnedBytesMin) {
    this.access = access;
    this.heads = heads;
    this.pinnedBytesMin = pinnedBytesMin;
  }

  /** What the last {@link #delete} could not delete because checkpoints refer to it. */
  PinnedSpace pinned() {
    return pinned;
  }

  /**
   * Deletes those that no kept head can refer to, and heads and logs that are kept no longer.
   *
   * @return what makes the tree forget those that are gone
   * @throws IOException if the store fails; what was not deleted stays noted
   */
  List<Mutation> delete() throws IOException {
    Map<ObjectKey, DeadObject> byKey = new HashMap<>();
    Set<Lifetime> lifetimes = new LinkedHashSet<>();
    for (Mutation.DeadPut put : first()) {
      DeadObject object = put.object();
      ObjectKey key =
          switch (object.kind()) {
            case SEGMENT -> ObjectNames.segment(object.nonce());
            case PACK -> ObjectNames.pack(object.nonce());
          };
      byKey.put(key, object);
      lifetimes.add(new Lifetime(key, object.birthHead(), object.deathHead()));
    }
    List<Mutation> forgotten = new ArrayList<>();
    for (Lifetime gone : heads.collect(lifetimes)) {
      DeadObject object = byKey.remove(gone.key());
      if (object != null) {
        lifetimes.remove(gone);
        forgotten.add(new Mutation.DeadDelete(object.deathHead(), object.kind(), object.nonce()));
      }
    }
    weigh(lifetimes, byKey);
    return forgotten;
  }

  private void weigh(Collection<Lifetime> left, Map<ObjectKey, DeadObject> byKey) {
    List<PinnedSpace.Dead> dead = new ArrayList<>();
    for (Lifetime lifetime : left) {
      DeadObject object = byKey.get(lifetime.key());
      if (object != null) {
        dead.add(new PinnedSpace.Dead(lifetime, object.storedBytes()));
      }
    }
    long live = ViewedVolume.spaceUse(access).usedBytes();
    pinned =
        PinnedSpace.of(
            dead, heads.current().head(), Math.max(pinnedBytesMin, live / PINNED_SHARE));
    heads.retainFrom(pinned.retainFrom());
  }

  private List<Mutation.DeadPut> first() throws IOException {
    List<Mutation.DeadPut> dead = new ArrayList<>();
    for (Entry entry : access.exclusively(this::entries)) {
      try {
        dead.add((Mutation.DeadPut) Mutation.ofEntry(entry.key(), entry.value()));
      } catch (MalformedRecord e) {
        throw new VolumeException(
            Reason.DAMAGED, "the tree's note of a dead object is malformed: " + e.getMessage(), e);
      }
    }
    return dead;
  }

  private List<Entry> entries() throws PageMissing {
    List<Entry> entries = new ArrayList<>();
    TreeKeys.Range range = TreeKeys.deads();
    access
        .state()
        .tree()
        .scan(
            range.from(),
            range.toExclusive(),
            (key, value) -> {
              entries.add(new Entry(key, value));
              return entries.size() < LISTED_MAX;
            });
    return entries;
  }
}
