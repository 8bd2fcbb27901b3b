package io.strata.checkpoint;

import io.strata.checkpoint.format.VolumeCodec;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.store.ByteRange;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import java.util.Optional;

/** The object that makes a prefix of a bucket a volume. */
public final class VolumeObject {
  private VolumeObject() {}

  /** The descriptor of the volume in a store, or empty if there is no volume: one request. */
  public static Optional<VolumeDescriptor> read(ObjectStore store) throws StoreException {
    try {
      return Optional.of(VolumeCodec.open(store.get(ObjectNames.VOLUME, ByteRange.ALL)));
    } catch (StoreException.Missing e) {
      return Optional.empty();
    }
  }

  /**
   * Makes a volume.
   *
   * @return {@code TAKEN} if there is another
   */
  public static OncePut.Outcome create(OncePut once, VolumeDescriptor volume)
      throws StoreException {
    return once.put(ObjectNames.VOLUME, VolumeCodec.frame(volume));
  }
}
