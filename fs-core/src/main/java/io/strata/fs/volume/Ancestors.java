package io.strata.fs.volume;

import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import io.strata.store.lineage.LineageStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The volumes that a clone refers to. */
final class Ancestors {
  private Ancestors() {}

  /**
   * A volume's store, and with it what it shares with others: a request for each place that these
   * are at, which makes sure that they are there.
   *
   * @param newest the newest head
   * @throws VolumeException if one is not
   */
  static ObjectStore join(ObjectStore own, VolumeDescriptor volume, Head newest)
      throws IOException {
    Lineage elsewhere = volume.elsewhere(newest.lineage());
    Set<Place> seen = new HashSet<>();
    // What was copied together is at the place of the youngest.
    for (Ancestor ancestor : elsewhere.ancestors().reversed()) {
      if (seen.add(ancestor.place())) {
        require(own, ancestor);
      }
    }
    return LineageStore.of(own, elsewhere);
  }

  private static void require(ObjectStore clone, Ancestor ancestor) throws IOException {
    ObjectStore place = clone.elsewhere(ancestor.place());
    Optional<VolumeDescriptor> there = VolumeObject.read(place);
    if (there.isEmpty() || !there.get().id().equals(ancestor.volume())) {
      throw new VolumeException(
          Reason.DAMAGED,
          "%s is a clone and shares objects with volume %s, but at %s there is %s: put that volume back where it was"
              .formatted(
                  clone.location(),
                  ancestor.volume(),
                  place.location(),
                  there.isEmpty() ? "none" : "volume " + there.get().id()));
    }
  }

  /** Whether the tree refers to an object that is not the volume's own: three look-ups at most. */
  static boolean isNeeded(TreeAccess access, Lineage lineage) throws IOException {
    if (lineage.isNone()) {
      return false;
    }
    for (TreeKeys.Range records : TreeKeys.recordsUntil(lineage.ancestors().getLast().last())) {
      if (TreeEntries.any(access, records)) {
        return true;
      }
    }
    return false;
  }
}
