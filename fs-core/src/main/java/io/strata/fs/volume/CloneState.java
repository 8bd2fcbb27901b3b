package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import java.util.Optional;

/**
 * What has become of a clone, for its parent's owner. Once a clone needs nothing of its parent it
 * never will again, and one that is gone does not come back, so that an answer holds for good.
 */
final class CloneState {
  private CloneState() {}

  /**
   * Why a snapshot must stay that is kept for a clone; empty if it need not, or is a user's own. Up
   * to three requests.
   *
   * @param parent the store of the volume that has the snapshot
   */
  static Optional<String> objection(
      ObjectStore parent, NamedSnapshot snapshot, Platform platform) throws StoreException {
    Neighbour clone = snapshot.keptFor();
    if (clone == null) {
      return Optional.empty();
    }
    ObjectStore place = parent.elsewhere(clone.place());
    Optional<VolumeDescriptor> there = VolumeObject.read(place);
    if (there.isEmpty() || !there.get().id().equals(clone.volume())) {
      return Optional.empty();
    }
    if (there.get().origin() == null) {
      return Optional.empty();
    }
    Optional<StoredHead> newest = 
        new Heads(place, new OncePut(place, platform), clone.volume()).newest();
    if (newest.isEmpty()) {
      return Optional.of(
          "%s is kept for a clone that is being made or destroyed at %s: finish that first"
              .formatted(snapshot.name(), place.location()));
    }
    Head head = newest.get().head();
    return head.lineage().isNone()
        ? Optional.empty()
        : Optional.of(
            "%s has what the clone at %s shares with this volume: strata destroy the clone, or strata gc --whole it, first"
                .formatted(snapshot.name(), place.location()));
  }
}
