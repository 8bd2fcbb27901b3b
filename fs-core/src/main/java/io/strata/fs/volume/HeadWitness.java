package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Stray;
import io.strata.checkpoint.format.Head;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.segment.BlockReader;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Looks up objects in the trees of kept heads. Confined to one thread; a few pages of one tree are
 * in memory at a time.
 *
 * @param lineage which objects others made: no owner of this volume can run into one of those
 * @param reader reads heads
 * @param kept whether a head is kept still: one that is not needs nothing any more
 */
record HeadWitness(
    ObjectStore store,
    VolumeId volume,
    Lineage lineage,
    VolumeLimits limits,
    HeadReader reader,
    LongPredicate kept)
    implements Garbage.Witness {
  @Override
  public Set<Stray> referredTo(long number, Collection<Stray> strays) throws IOException {
    try {
      Head head = reader.read(number).head();
      BTree tree = Opening.tree(store, head.root(), limits);
      Set<ObjectKey> carried = carried(head);
      Set<Stray> referred = new HashSet<>();
      for (Stray stray : strays) {
        if (carried.contains(stray.key()) || isRecorded(tree, stray)) {
          referred.add(stray);
        }
      }
      return referred;
    } catch (IOException e) {
      if (kept.test(number)) {
        throw e;
      }
      return Set.of();
    }
  }

  private static boolean isRecorded(BTree tree, Stray stray) throws IOException {
    byte[] record =
        stray.isSegment() ? TreeKeys.segment(stray.nonce()) : TreeKeys.pack(stray.nonce());
    return Unshared.run(() -> tree.get(record) != null, tree);
  }

  private static Set<ObjectKey> carried(Head head) throws VolumeException {
    Set<ObjectKey> keys = new HashSet<>();
    for (Mutation mutation : Recovery.carried(head)) {
      switch (mutation) {
        case Mutation.SegmentPut put -> keys.add(ObjectNames.segment(put.nonce()));
        case Mutation.PackPut put -> keys.add(ObjectNames.pack(put.nonce()));
        case Mutation.DeadPut put -> keys.add(DeadObjects.key(put.object()));
        case Mutation.Put other -> {}
        case Mutation.Delete other -> {}
      }
    }
    return keys;
  }

  @Override
  public boolean isForEver(Stray segment) throws IOException {
    if (lineage.isForeign(segment.nonce())) {
      return false;
    }
    try {
      // What recovery puts in the place of a segment has no summary.
      return BlockReader.readIndex(store, volume, segment.nonce()).summaryCount() == 0;
    } catch (StoreException.Missing e) {
      // It is gone by itself; deleting it again does no harm.
      return false;
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return true;
    }
  }
}
