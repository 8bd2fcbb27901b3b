package io.strata.fsck.history;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.Neighbour;
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
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;

/**
 * Finds what a clone shares: that the volumes it was cloned from are where they should be, that the
 * parent keeps what the clone needs, and which objects there are.
 */
public final class Kin {
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
    for (Ancestor ancestor : elsewhere.ancestors()) {
      inventory.addShared(bucket.of(ancestor), ancestor, elsewhere);
    }
    if (!elsewhere.isNone()) {
      // Those before it may be gone, if it does not need them for the clone any more.
      Ancestor parent = elsewhere.ancestors().getLast();
      Bucket place = bucket.of(parent);
      if (!isThere(place, parent.volume())) {
        findings.add(new HistoryFinding.AncestorMissing(parent.volume(), place.location()));
      } else if (!keeps(place, parent.volume(), volume)) {
        findings.add(new HistoryFinding.NotKept(volume, place.location()));
      }
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

  private static boolean keeps(Bucket place, VolumeId parent, VolumeId clone)
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
      return false;
    }
    long number = newest.getAsLong();
    try {
      return HeadCodec.open(
              parent, number, place.read(ObjectNames.head(number), ByteRange.ALL))
          .head()
          .snapshots()
          .stream()
          .map(snapshot -> snapshot.keptFor())
          .anyMatch(kept -> kept != null && kept.volume().equals(clone));
    } catch (StoreException.Missing overtaken) {
      return keeps(place, parent, clone);
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return true; // a check of that volume tells
    }
  }
}
