package io.strata.store.lineage;

import io.strata.store.Epoch;
import io.strata.store.Place;
import io.strata.store.VolumeId;

/**
 * A volume that a clone has objects of.
 *
 * @param last the last of its epochs that the clone has anything of; later ones of the same number
 *     are the clone's own
 * @param volume which volume it is
 * @param place where it is, seen from the clone
 */
public record Ancestor(Epoch last, VolumeId volume, Place place) {
  /** The same, seen from a place of which {@code via} leads to where this was seen from. */
  Ancestor seenThrough(Place via) {
    return new Ancestor(last, volume, via.then(place));
  }
}
