package io.strata.fsck.history;

import io.strata.checkpoint.format.VolumeCodec;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** Finds out which volume a bucket holds. */
public final class Identity {
  /** Where a frame's header has the volume's UUID, big-endian. */
  private static final int UUID_AT = 16;

  private Identity() {}

  /**
   * The volume's id from its descriptor; where that is damaged or missing, from the newest head
   * that is whole. Empty if neither can be read.
   */
  public static Optional<VolumeId> of(Bucket bucket, Inventory inventory, Findings findings)
      throws StoreException {
    try {
      return Optional.of(VolumeCodec.open(bucket.read(ObjectNames.VOLUME, ByteRange.ALL)).id());
    } catch (StoreException.Missing e) {
      findings.add(new ObjectFinding.Missing(ObjectNames.VOLUME, "opening the volume"));
    } catch (StoreException.Corrupt e) {
      findings.add(ObjectFinding.Damaged.of(ObjectNames.VOLUME, e));
    } catch (StoreException.TooNew e) {
      findings.add(new ObjectFinding.TooNew(ObjectNames.VOLUME, String.valueOf(e.getMessage())));
    }
    long[] heads = inventory.heads().sortedKeys();
    for (int i = heads.length - 1; i >= 0; i--) {
      Optional<VolumeId> id = ofHead(bucket, ObjectNames.head(heads[i]));
      if (id.isPresent()) {
        return id;
      }
    }
    return Optional.empty();
  }

  private static Optional<VolumeId> ofHead(Bucket bucket, ObjectKey key) throws StoreException {
    try {
      ByteBuffer whole = bucket.read(key, ByteRange.ALL);
      Frame.open(whole, FrameKind.HEAD, null, key);
      ByteBuffer uuid = whole.slice(UUID_AT, 16);
      return Optional.of(new VolumeId(new UUID(uuid.getLong(), uuid.getLong())));
    } catch (StoreException.Corrupt | StoreException.Missing | StoreException.TooNew unusable) {
      return Optional.empty(); // told by the check of heads
    }
  }
}
