package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.Removal;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a volume for good, once it is certain that nobody else has it and that no clone needs it.
 * Interrupted anywhere, it can be done again.
 */
public final class Destruction {
  private static final Logger LOG = LoggerFactory.getLogger(Destruction.class);

  private Destruction() {}

  /**
   * Deletes the volume in a store. Of a clone that shares objects still, the snapshot in its parent
   * is then to be deleted, which keeps them; see {@link VolumeDescriptor#origin}.
   *
   * @param options how it is opened, which makes sure that nobody else has it
   * @param evenDamaged whether to do it though it cannot be opened
   * @param progress is told how many objects are gone
   * @return what the volume was
   * @throws VolumeException if there is none, somebody else has it, or clones need it; it is then as
   *     it was
   */
  public static VolumeDescriptor destroy(
      ObjectStore store,
      OpenOptions options,
      boolean evenDamaged,
      LongConsumer progress,
      Platform platform)
      throws IOException {
    VolumeDescriptor volume =
        VolumeObject.read(store)
            .orElseThrow(
                () ->
                    new VolumeException(
                        Reason.ABSENT, "there is no volume at " + store.location()));
    Heads heads = new Heads(store, new OncePut(store, platform), volume.id());
    if (heads.list().isEmpty()) {
      LOG.info("{} was not finished, or not destroyed to the end", store.location());
    } else {
      // Before it is taken, so that nothing is changed if it is to stay.
      Optional<String> objection = objection(store, newest(heads, evenDamaged), platform);
      if (objection.isPresent()) {
        throw new VolumeException(Reason.REFUSED, objection.get());
      }
      own(store, options, evenDamaged, platform);
    }
    Removal.run(store, progress);
    return volume;
  }

  private static void own(
      ObjectStore store, OpenOptions options, boolean evenDamaged, Platform platform)
      throws IOException {
    Opening.Owned owned;
    try {
      Claim claim = options.takeOver() ? new Claim.Order() : new Claim.Watch();
      owned =
          Opening.take(
              store, options, platform, Owners.here(), OpeningEvents.LOGGED, claim);
    } catch (VolumeException e) {
      if (e.reason() == Reason.DAMAGED && evenDamaged) {
        LOG.warn("destroying what cannot be opened: {}", e.getMessage());
        return;
      }
      throw e;
    }
    // Somebody may have cloned it until it was taken.
    Optional<String> objection =
        objection(store, owned.head().head().snapshots(), platform);
    if (objection.isPresent()) {
      OwnedVolume.start(owned, options, platform).close();
      throw new VolumeException(Reason.REFUSED, objection.get());
    }
  }

  private static List<NamedSnapshot> newest(Heads heads, boolean evenDamaged)
      throws IOException {
    try {
      return heads.newest().map(newest -> newest.head().snapshots()).orElse(List.of());
    } catch (StoreException.Corrupt e) {
      if (evenDamaged) {
        return List.of();
      }
      throw e;
    }
  }

  private static Optional<String> objection(
      ObjectStore store, List<NamedSnapshot> snapshots, Platform platform) throws IOException {
    for (NamedSnapshot snapshot : snapshots) {
      Optional<String> objection = CloneState.objection(store, snapshot, platform);
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }
}
