package io.strata.checkpoint.format;

import io.strata.store.Place;
import io.strata.store.VolumeId;

/**
 * Another volume in the same bucket.
 *
 * @param volume which one
 * @param place where it is, seen from the volume that says so
 */
public record Neighbour(VolumeId volume, Place place) {}
