package io.strata.checkpoint.format;

import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What never changes about a volume. Written once, when it is made.
 *
 * @param id the volume's identity, which every one of its objects repeats
 * @param created when it was made
 * @param label a name for people, at most 255 characters, possibly empty
 * @param blockSizeBytes the length of a segment's logical blocks
 * @param singleWriter whether its maker promised that no two owners will ever open it at a time,
 *     because the store does not honour conditional puts
 * @param capacityBytes the quota, 0 for none
 * @param origin the volume that it was cloned from; null if none was, or if all that it had of
 *     others was copied to where it is now
 */
public record VolumeDescriptor(
    VolumeId id,
    Instant created,
    String label,
    int blockSizeBytes,
    boolean singleWriter,
    long capacityBytes,
    @Nullable Neighbour origin) {
  /** The block size of format version 1. */
  public static final int BLOCK_SIZE_BYTES = 64 << 10;

  /** A volume that is no clone. */
  public VolumeDescriptor(
      VolumeId id,
      Instant created,
      String label,
      int blockSizeBytes,
      boolean singleWriter,
      long capacityBytes) {
    this(id, created, label, blockSizeBytes, singleWriter, capacityBytes, null);
  }

  public VolumeDescriptor {
    if (label.length() > 255) {
      throw new IllegalArgumentException("label of " + label.length() + " characters");
    }
    if (blockSizeBytes != BLOCK_SIZE_BYTES) {
      throw new IllegalArgumentException("block size of " + blockSizeBytes + " bytes");
    }
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacity of " + capacityBytes + " bytes");
    }
  }

  /**
   * Of the objects that are not this volume's own, those that are elsewhere.
   *
   * @param lineage whose they are, as a head says
   */
  public Lineage elsewhere(Lineage lineage) {
    return origin == null ? Lineage.NONE : lineage;
  }

  /** The same volume once everything that it refers to is where it is itself. */
  public VolumeDescriptor gathered() {
    return new VolumeDescriptor(
        id, created, label, blockSizeBytes, singleWriter, capacityBytes, null);
  }
}
