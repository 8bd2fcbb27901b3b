package io.strata.store.lineage;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.Place;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which of the objects that a volume refers to are whose. Objects of an epoch belong to the first
 * ancestor that has reigned so long, those of later epochs to the volume itself. Immutable.
 *
 * @param ancestors in ascending order of their last epochs; none for most volumes
 */
public record Lineage(List<Ancestor> ancestors) {
  /** Of a volume that has only what is its own. */
  public static final Lineage NONE = new Lineage(List.of());

  private static final int EPOCH_DIGITS = 8;

  public Lineage {
    ancestors = List.copyOf(ancestors);
    for (int i = 1; i < ancestors.size(); i++) {
      if (ancestors.get(i - 1).last().compareTo(ancestors.get(i).last()) >= 0) {
        throw new IllegalArgumentException("ancestors out of order: " + ancestors);
      }
    }
  }

  /** Whether nothing is anybody else's. */
  public boolean isNone() {
    return ancestors.isEmpty();
  }

  /** Whose an epoch's segments and packs are; empty for the volume itself. */
  public Optional<Ancestor> of(Epoch epoch) {
    for (Ancestor ancestor : ancestors) {
      if (epoch.compareTo(ancestor.last()) <= 0) {
        return Optional.of(ancestor);
      }
    }
    return Optional.empty();
  }

  /** Whose an object is; empty for the volume itself, which all but segments and packs are. */
  public Optional<Ancestor> of(ObjectKey key) {
    String name = key.value();
    if (ancestors.isEmpty()
        || !(name.startsWith(ObjectNames.SEGMENTS) || name.startsWith(ObjectNames.PACKS))) {
      return Optional.empty();
    }
    int at = name.lastIndexOf('/') + 1;
    if (name.length() < at + EPOCH_DIGITS) {
      return Optional.empty();
    }
    try {
      return of(new Epoch(Integer.parseUnsignedInt(name, at, at + EPOCH_DIGITS, 16)));
    } catch (IllegalArgumentException noName) {
      return Optional.empty();
    }
  }

  /** Whether an object is not the volume's own. */
  public boolean isForeign(ObjectKey key) {
    return of(key).isPresent();
  }

  /** Whether a segment or pack is not the volume's own. */
  public boolean isForeign(Nonce nonce) {
    return !ancestors.isEmpty() && of(nonce.epoch()).isPresent();
  }

  /** Which volume a segment or pack says it is of. */
  public VolumeId volume(Nonce nonce, VolumeId own) {
    return ancestors.isEmpty() ? own : of(nonce.epoch()).map(Ancestor::volume).orElse(own);
  }

  /**
   * The lineage of a clone of a volume that has this one.
   *
   * @param elsewhere what of this lineage is not where that volume is itself
   * @param last the last epoch of which the clone has anything
   * @param volume the parent
   * @param place where the parent is, seen from the clone
   */
  public Lineage cloned(Lineage elsewhere, Epoch last, VolumeId volume, Place place) {
    List<Ancestor> all = new ArrayList<>();
    for (Ancestor ancestor : ancestors) {
      all.add(
          elsewhere.ancestors.contains(ancestor)
              ? ancestor.seenThrough(place)
              : new Ancestor(ancestor.last(), ancestor.volume(), place));
    }
    all.add(new Ancestor(last, volume, place));
    return new Lineage(all);
  }
}
