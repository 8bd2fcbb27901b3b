package io.strata.fsck.dump;

import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.store.Epoch;
import io.strata.store.VolumeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a dump.
 *
 * @param volume which volume it is; its segments belong to no other
 * @param created when it was formatted
 * @param label what it is called
 * @param capacityBytes its quota, 0 for none
 * @param singleWriter whether its store does not honour conditional puts
 * @param head number of the head that was dumped
 * @param epoch the epoch of that head, which no inode and no segment is later than
 * @param time when that head was written
 */
public record DumpHeader(
    VolumeId volume,
    Instant created,
    String label,
    long capacityBytes,
    boolean singleWriter,
    long head,
    Epoch epoch,
    Instant time) {
  private static final int LABEL_CHARS_MAX = 255;

  public DumpHeader {
    if (head < 1 || epoch.value() < 1) {
      throw new IllegalArgumentException("no such head: %d of epoch %s".formatted(head, epoch));
    }
    if (epoch.value() >= Epoch.MAX) {
      throw new IllegalArgumentException("no epoch can follow epoch " + epoch);
    }
    if (label.length() > LABEL_CHARS_MAX || capacityBytes < 0) {
      throw new IllegalArgumentException(
          "no such volume: label of %d characters, capacity of %d bytes"
              .formatted(label.length(), capacityBytes));
    }
  }

  /**
   * What the volume says of itself.
   *
   * @param origin what it was cloned from, and shares objects with; null if with none
   */
  VolumeDescriptor descriptor(@Nullable Neighbour origin) {
    return new VolumeDescriptor(
        volume,
        created,
        label,
        VolumeDescriptor.BLOCK_SIZE_BYTES,
        singleWriter,
        capacityBytes,
        origin);
  }
}
