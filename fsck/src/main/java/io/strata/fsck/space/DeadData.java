package io.strata.fsck.space;

import io.strata.checkpoint.format.PackDirectory;
import io.strata.fs.schema.DeadObject;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.platform.Platform;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what is dead and still there, because a head that is kept needs it, as thoroughly as what
 * is alive: going back to a checkpoint must not come to nothing.
 */
final class DeadData {
  private static final int AHEAD = 2;

  private final Bucket bucket;
  private final Scrub scrub;
  private final VolumeId volume;
  private final Footers footers;
  private final Findings findings;

  DeadData(Bucket bucket, VolumeId volume, Footers footers, Scrub scrub, Findings findings) {
    this.scrub = scrub;
    this.bucket = bucket;
    this.volume = volume;
    this.footers = footers;
    this.findings = findings;
  }

  /** Verifies all dead objects that are there. */
  void verify(Platform platform, DeadCheck dead) throws StoreException, InterruptedException {
    Ahead.each(
        platform,
        dead.objects().iterator(),
        AHEAD,
        this::look,
        (object, found) -> found.forEach(findings::add));
  }

  private List<Finding> look(DeadObject object) throws StoreException {
    ObjectKey key = DeadCheck.key(object);
    try {
      return switch (object.kind()) {
        case SEGMENT -> segment(object.nonce(), key);
        case PACK -> {
          PackDirectory.open(
              bucket.maker(object.nonce(), volume),
              object.nonce(),
              bucket.read(key, ByteRange.ALL));
          yield List.of();
        }
      };
    } catch (StoreException.Missing deletedOrTold) {
      return List.of();
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return List.of(ObjectFinding.Spare.of(key, e));
    }
  }

  private List<Finding> segment(Nonce nonce, ObjectKey key) throws StoreException {
    Scrub.Outcome outcome = scrub.verify(footers.read(nonce).index());
    List<Finding> found = new ArrayList<>();
    for (Scrub.BadBlock block : outcome.blocks()) {
      found.add(new ObjectFinding.Spare(key, block.damage()));
    }
    if (found.isEmpty() && !outcome.whole()) {
      found.add(
          new ObjectFinding.Spare(
              key, new ObjectFinding.Damaged(key, SegmentCheck.FRAME_DAMAGED).what()));
    }
    return found;
  }
}
