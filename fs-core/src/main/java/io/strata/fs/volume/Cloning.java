package io.strata.fs.volume;

import io.strata.checkpoint.EarlierCommit;
import io.strata.checkpoint.Heads;
import io.strata.checkpoint.Succession;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.Place;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a volume that shares the objects of another. Used once, by one thread.
 *
 * <p>In this order, so that no clone is ever without what keeps its objects, and whatever a crash
 * leaves can be finished by doing it again, or destroyed:
 *
 * <ol>
 *   <li>{@link #begin} puts the clone's descriptor. While it is there and no head is, the snapshot
 *       for the clone is not deleted;
 *   <li>the parent's owner keeps a head for the clone ({@link Snapshots#keepFor});
 *   <li>{@link #finish} puts the clone's first head, which makes it a volume.
 * </ol>
 *
 * <p>A dozen requests and no more, however much the parent holds.
 */
public final class Cloning {
  private final ObjectStore parent;
  private final ObjectStore place;
  private final VolumeDescriptor original;
  private final VolumeDescriptor clone;
  private final Place seenFromParent;
  private final Platform platform;

  private Cloning(
      ObjectStore parent,
      ObjectStore place,
      VolumeDescriptor original,
      VolumeDescriptor clone,
      Place seenFromParent,
      Platform platform) {
    this.parent = parent;
    this.place = place;
    this.original = original;
    this.clone = clone;
    this.seenFromParent = seenFromParent;
    this.platform = platform;
  }

  /**
   * Begins a clone, or goes on with one of the same parent that was begun here.
   *
   * @param parent where the volume is
   * @param seenFromParent where the clone is to be
   * @param toParent the way back
   * @param label a name for people; null for the parent's
   * @throws VolumeException if there is no volume to clone, or something at the clone's place
   */
  public static Cloning begin(
      ObjectStore parent,
      Place seenFromParent,
      Place toParent,
      @Nullable String label,
      Platform platform)
      throws IOException {
    VolumeDescriptor original =
        VolumeObject.read(parent)
            .orElseThrow(
                () ->
                    new VolumeException(
                        Reason.ABSENT, "there is no volume at " + parent.location()));
    ObjectStore place = parent.elsewhere(seenFromParent);
    Neighbour origin = new Neighbour(original.id(), toParent);
    Optional<VolumeDescriptor> begun = begun(place, origin, platform);
    VolumeDescriptor clone;
    if (begun.isPresent()) {
      clone = begun.get();
    } else {
      Formatting.requireEmpty(place);
      clone =
          new VolumeDescriptor(
              Formatting.newId(platform),
              platform.clock().now(),
              label == null ? original.label() : label,
              original.blockSizeBytes(),
              original.singleWriter(),
              original.capacityBytes(),
              origin);
      Formatting.describe(place, new OncePut(place, platform), clone, platform);
    }
    return new Cloning(parent, place, original, clone, seenFromParent, platform);
  }

  /** What an attempt left that did not come to its end. */
  private static Optional<VolumeDescriptor> begun(
      ObjectStore place, Neighbour origin, Platform platform) throws IOException {
    Optional<VolumeDescriptor> there = VolumeObject.read(place);
    if (there.isEmpty()
        || !origin.equals(there.get().origin())
        || heads(place, there.get().id(), platform).newest().isPresent()) {
      return Optional.empty();
    }
    return there;
  }

  private static Heads heads(ObjectStore store, VolumeId volume, Platform platform) {
    return new Heads(store, new OncePut(store, platform), volume);
  }

  /** The clone, for whom the parent's owner is to keep a head. */
  public Neighbour neighbour() {
    return new Neighbour(clone.id(), seenFromParent);
  }

  /**
   * Makes it a volume, which nobody owns.
   *
   * @return what never changes about it
   * @throws VolumeException if nothing is kept for it, or something came to its place meanwhile
   */
  public VolumeDescriptor finish() throws IOException {
    Heads parentHeads = heads(parent, original.id(), platform);
    StoredHead newest =
        parentHeads
            .newest()
            .orElseThrow(() -> new IOException(parent.location() + " has no head any more"));
    NamedSnapshot kept = kept(newest.head());
    long number = kept.checkpoint().number();
    StoredHead origin =
        number == newest.head().number() ? newest : parentHeads.read(number);
    Lineage parents = newest.head().lineage();
    Lineage lineage =
        parents.cloned(
            original.elsewhere(parents),
            origin.head().epoch(),
            original.id(),
            way());
    Head first =
        Succession.cloned(
            origin,
            lineage,
            Owners.here().self(platform.random()),
            platform.clock().now());
    try {
      if (heads(place, clone.id(), platform).commit(first) == OncePut.Outcome.TAKEN) {
        throw taken();
      }
    } catch (EarlierCommit impossible) {
      throw new IllegalStateException("one head is put", impossible);
    }
    if (!VolumeObject.read(place).map(VolumeDescriptor::id).equals(Optional.of(clone.id()))) {
      throw taken();
    }
    return clone;
  }

  private NamedSnapshot kept(Head newest) throws VolumeException {
    return newest.snapshots().stream()
        .filter(snapshot -> neighbour().equals(snapshot.keptFor()))
        .findAny()
        .orElseThrow(
            () ->
                new VolumeException(
                    Reason.REFUSED,
                    "%s keeps nothing for this clone any more: clone again"
                        .formatted(parent.location())));
  }

  private Place way() {
    Neighbour origin = clone.origin();
    if (origin == null) {
      throw new IllegalStateException("a clone has an origin");
    }
    return origin.place();
  }

  private VolumeException taken() {
    return new VolumeException(
        Reason.OCCUPIED,
        place.location() + " was cloned to or destroyed by somebody else just now");
  }
}
