package io.strata.fsck.space;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.PackRecord;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.tree.Overlay;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Works out what the volume's own records must say after a repair: of segments, what their footers
 * say and what extents refer to; of packs, that all that there were are dead, since the repaired
 * tree is written anew.
 *
 * <p>Confined to a thread.
 */
public final class RecordRepair {
  private final SegmentTable table;
  private final PackCheck packs;
  private final DeadCheck dead;
  private final Inventory inventory;
  private final Footers footers;
  private final Overlay fixes;

  RecordRepair(
      SegmentTable table,
      PackCheck packs,
      DeadCheck dead,
      Inventory inventory,
      Footers footers,
      Overlay fixes) {
    this.table = table;
    this.packs = packs;
    this.dead = dead;
    this.inventory = inventory;
    this.footers = footers;
    this.fixes = fixes;
  }

  /** Takes an entry as it is before the repair. */
  public void take(Mutation.Put entry) {
    switch (entry) {
      case Mutation.SegmentPut(Nonce nonce, SegmentRecord record) ->
          table.of(nonce).setBirthHead(record.birthHead());
      case Mutation.PackPut put -> fixes.remove(put.key());
      case Mutation.SegmentLivePut put -> {}
      case Mutation.InodePut put -> {}
      case Mutation.XattrPut put -> {}
      case Mutation.DentryPut put -> {}
      case Mutation.ExtentPut put -> {}
      case Mutation.OrphanPut put -> {}
      case Mutation.DeadPut put -> {}
    }
  }

  /**
   * Works out all records, when all extents were taken.
   *
   * @param head the number that the repaired head will have
   * @param recovered segments that were stored since the bucket was listed
   */
  public void end(long head, Map<Nonce, SegmentIndex> recovered) throws StoreException {
    for (Nonce nonce : table.nonces()) {
      segment(nonce, table.of(nonce), head, recovered.get(nonce));
    }
    for (DeadObject object : dead.objects()) {
      dead(object);
    }
    for (Iterator<Nonce> all = packs.nonces(); all.hasNext(); ) {
      pack(all.next(), head);
    }
  }

  private void segment(Nonce nonce, SegmentFacts facts, long head, @Nullable SegmentIndex recovered)
      throws StoreException {
    boolean stored = recovered != null || inventory.segments().has(nonce.value());
    SegmentIndex index = stored ? index(nonce, recovered) : null;
    boolean known = index != null || (facts.recorded() && stored);
    if (!known || (facts.liveKept() == 0 && !facts.recorded())) {
      fixes.remove(TreeKeys.segment(nonce));
      fixes.remove(TreeKeys.segmentLive(nonce));
      return;
    }
    if (index != null && index.logicalLength() == 0) {
      fixes.remove(TreeKeys.segment(nonce)); // a tombstone, which nothing needs
      fixes.remove(TreeKeys.segmentLive(nonce));
      return;
    }
    if (index != null) {
      byte[] encoded = index.encode();
      if (!facts.recorded() || SpaceCheck.crc(encoded) != facts.indexCrc()) {
        long birth = facts.recorded() ? facts.birthHead() : head;
        fixes.put(new Mutation.SegmentPut(nonce, new SegmentRecord(birth, ByteString.of(encoded))));
      }
    }
    fixes.put(new Mutation.SegmentLivePut(nonce, facts.liveKept()));
  }

  /** What the object itself says; null if it does not tell. */
  private @Nullable SegmentIndex index(Nonce nonce, @Nullable SegmentIndex recovered)
      throws StoreException {
    if (recovered != null) {
      return recovered;
    }
    try {
      return footers.read(nonce).index();
    } catch (StoreException.Corrupt | StoreException.TooNew | StoreException.Missing told) {
      return null;
    }
  }

  private void dead(DeadObject object) {
    byte[] key = TreeKeys.dead(object.deathHead(), object.kind(), object.nonce());
    boolean segment = object.kind() == DeadObject.Kind.SEGMENT;
    long length =
        (segment ? inventory.segments() : inventory.packs()).get(object.nonce().value(), -1);
    boolean inUse = segment ? inUse(object.nonce()) : packs.isKnown(object.nonce());
    if (length < 0 || inUse) {
      fixes.remove(key);
    } else if (length != object.storedBytes()) {
      fixes.put(
          new Mutation.DeadPut(
              new DeadObject(
                  object.deathHead(), object.kind(), object.nonce(), object.birthHead(), length)));
    }
  }

  private boolean inUse(Nonce nonce) {
    SegmentFacts facts = table.find(nonce);
    return facts != null && (facts.liveKept() > 0 || facts.recorded());
  }

  private void pack(Nonce nonce, long head) {
    long length = inventory.packs().get(nonce.value(), -1);
    if (length >= 0) {
      PackRecord record = packs.record(nonce);
      long birth = record == null ? 1 : record.birthHead();
      fixes.put(
          new Mutation.DeadPut(new DeadObject(head, DeadObject.Kind.PACK, nonce, birth, length)));
    }
  }
}
