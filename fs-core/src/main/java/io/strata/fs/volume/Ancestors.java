package io.strata.fs.volume;

import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.ObjectStore;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import io.strata.store.lineage.LineageStore;
import java.io.IOException;
import java.util.Optional;

/** The volumes that a clone refers to. */
final class Ancestors {
  private Ancestors() {}

  /**
   * A volume's store, and with it what it shares with others: a request, which makes sure that the
   * volume is there that it was cloned from. Of those which that was cloned from in turn it may have
   * ceased to need anything, on the clone's behalf too, and then they may be gone.
   *
   * @param newest the newest head
   * @throws VolumeException if it is not
   */
  static ObjectStore join(ObjectStore own, VolumeDescriptor volume, Head newest)
      throws IOException {
    Lineage elsewhere = volume.elsewhere(newest.lineage());
    if (!elsewhere.isNone()) {
      require(own, elsewhere.ancestors().getLast());
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
