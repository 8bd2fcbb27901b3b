package io.strata.checkpoint.format;

import io.strata.store.VolumeId;
import java.time.Instant;

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
 */
public record VolumeDescriptor(
    VolumeId id,
    Instant created,
    String label,
    int blockSizeBytes,
    boolean singleWriter,
    long capacityBytes) {
  /** The block size of format version 1. */
  public static final int BLOCK_SIZE_BYTES = 64 << 10;

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
}
