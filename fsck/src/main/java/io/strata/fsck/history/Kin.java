package io.strata.fsck.history;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.VolumeCodec;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.bucket.LongLongMap;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.store.ByteRange;
import io.strata.store.ListPage;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a clone shares: that the volumes it was cloned from are where they should be, that the
 * parent keeps what the clone needs, and which objects there are.
 */
public final class Kin {
  private static final long COUNTER_MAX = 0xffff_ffffL;

  private Kin() {}

  /**
   * Lets the check find what a volume shares, if it does.
   *
   * @param newest the head that is checked
   */
  public static void join(
      Bucket bucket, VolumeId volume, Inventory inventory, Head newest, Findings findings)
      throws StoreException {
    Lineage lineage = newest.lineage();
    if (lineage.isNone()) {
      return;
    }
    Lineage elsewhere =
        isGathered(bucket, inventory, lineage) ? Lineage.NONE : lineage;
    bucket.join(lineage, elsewhere);
    List<Ancestor> ancestors = elsewhere.ancestors();
    for (int i = 0; i < ancestors.size(); i++) {
      Ancestor ancestor = ancestors.get(i);
      Bucket place = bucket.of(ancestor);
      boolean isParent = i == ancestors.size() - 1;
      VolumeId child = isParent ? volume : ancestors.get(i + 1).volume();
      Keeping keeping = keeping(place, ancestor.volume(), child);
      inventory.addShared(place, ancestor, elsewhere, end(place, ancestor, keeping.kept));
      // Those before it may be gone, if it does not need them for the clone any more.
      if (isParent && !isThere(place, ancestor.volume())) {
        findings.add(new HistoryFinding.AncestorMissing(ancestor.volume(), place.location()));
      } else if (isParent && keeping.told && keeping.kept == null) {
        findings.add(new HistoryFinding.NotKept(volume, place.location()));
      }
    }
  }

  /**
   * The first nonce that an ancestor gave after it was cloned. It may have gone on in the same
   * epoch; the head that it keeps for the clone tells where. If that cannot be read, all of the epoch
   * counts as shared, so that nothing is given up that may be needed.
   */
  private static Nonce end(Bucket place, Ancestor ancestor, @Nullable RetainedCheckpoint kept)
      throws StoreException {
    Nonce all = Nonce.of(ancestor.last().next(), 0);
    if (kept == null) {
      return all;
    }
    try {
      ObjectKey key = ObjectNames.head(kept.number());
      Head origin =
          HeadCodec.open(ancestor.volume(), kept.number(), place.read(key, ByteRange.ALL)).head();
      return origin.epoch().equals(ancestor.last()) && origin.nextNonce() <= COUNTER_MAX
          ? Nonce.of(origin.epoch(), origin.nextNonce())
          : all;
    } catch (StoreException.Missing | StoreException.Corrupt | StoreException.TooNew e) {
      return all; // a check of that volume tells
    }
  }

  /** Whether all that was shared was copied to where the volume is. */
  private static boolean isGathered(Bucket bucket, Inventory inventory, Lineage lineage)
      throws StoreException {
    try {
      return VolumeCodec.open(bucket.read(ObjectNames.VOLUME, ByteRange.ALL)).origin() == null;
    } catch (StoreException.Missing | StoreException.Corrupt | StoreException.TooNew e) {
      // The descriptor knows; without it, what there is tells.
      return isAncestors(inventory.packs(), lineage) || isAncestors(inventory.segments(), lineage);
    }
  }

  private static boolean isAncestors(LongLongMap objects, Lineage lineage) {
    PrimitiveIterator.OfLong oldestFirst = objects.keys();
    return oldestFirst.hasNext() && lineage.isForeign(new Nonce(oldestFirst.nextLong()));
  }

  /** Where the volume was cloned from, for a descriptor that must be written anew. */
  public static Optional<Neighbour> origin(Bucket bucket) {
    Lineage elsewhere = bucket.elsewhere();
    if (elsewhere.isNone()) {
      return Optional.empty();
    }
    Ancestor parent = elsewhere.ancestors().getLast();
    return Optional.of(new Neighbour(parent.volume(), parent.place()));
  }

  private static boolean isThere(Bucket place, VolumeId volume) throws StoreException {
    try {
      VolumeDescriptor there =
          VolumeCodec.open(place.read(ObjectNames.VOLUME, ByteRange.ALL));
      return there.id().equals(volume);
    } catch (StoreException.Missing e) {
      return false;
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return true; // a check of that volume tells
    }
  }

  /**
   * What an ancestor keeps for who was cloned from it.
   *
   * @param told whether it tells
   * @param kept the head that was cloned; null if none is kept
   */
  private record Keeping(boolean told, @Nullable RetainedCheckpoint kept) {}

  private static Keeping keeping(Bucket place, VolumeId parent, VolumeId clone)
      throws StoreException {
    OptionalLong newest = OptionalLong.empty();
    String after = "";
    ListPage page;
    do {
      page = place.list(ObjectNames.HEADS, after, ListPage.KEYS_MAX);
      for (ListPage.Entry entry : page.entries()) {
        after = entry.key().value();
        OptionalLong number = Inventory.headNumber(entry.key());
        newest = number.isPresent() ? number : newest;
      }
    } while (page.more() && !page.entries().isEmpty());
    if (newest.isEmpty()) {
      return new Keeping(true, null);
    }
    long number = newest.getAsLong();
    try {
      Head head =
          HeadCodec.open(parent, number, place.read(ObjectNames.head(number), ByteRange.ALL))
              .head();
      for (NamedSnapshot snapshot : head.snapshots()) {
        Neighbour kept = snapshot.keptFor();
        if (kept != null && kept.volume().equals(clone)) {
          return new Keeping(true, snapshot.checkpoint());
        }
      }
      return new Keeping(true, null);
    } catch (StoreException.Missing overtaken) {
      return keeping(place, parent, clone);
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return new Keeping(false, null); // a check of that volume tells
    }
  }
}
