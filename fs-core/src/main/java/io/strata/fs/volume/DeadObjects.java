package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.btree.PageMissing;
import io.strata.checkpoint.Lifetime;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Segments and packs that nothing in the tree refers to any more: the tree notes them until they
 * are deleted. Used by one checkpoint at a time.
 */
final class DeadObjects {
  /** How many are looked at after a checkpoint; the rest waits for the next. */
  private static final int LISTED_MAX = 4000;

  private final TreeAccess access;
  private final HeadKeeper heads;

  DeadObjects(TreeAccess access, HeadKeeper heads) {
    this.access = access;
    this.heads = heads;
  }

  /**
   * Deletes those that no kept head can refer to, and heads and logs that are kept no longer.
   *
   * @return what makes the tree forget those that are gone
   * @throws IOException if the store fails; what was not deleted stays noted
   */
  List<Mutation> delete() throws IOException {
    Map<ObjectKey, DeadObject> byKey = new HashMap<>();
    List<Lifetime> lifetimes = new ArrayList<>();
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
      DeadObject object = byKey.get(gone.key());
      if (object != null) {
        forgotten.add(new Mutation.DeadDelete(object.deathHead(), object.kind(), object.nonce()));
      }
    }
    return forgotten;
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
