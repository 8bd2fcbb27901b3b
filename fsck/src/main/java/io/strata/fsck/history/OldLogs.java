package io.strata.fsck.history;

import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.platform.Platform;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.LogPosition;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the log objects that the newest head does not need, and only looks whether they are whole.
 */
public final class OldLogs {
  private static final int AHEAD = 4;

  private final Bucket bucket;
  private final VolumeId volume;
  private final Findings findings;

  public OldLogs(Bucket bucket, VolumeId volume, Findings findings) {
    this.bucket = bucket;
    this.volume = volume;
    this.findings = findings;
  }

  /**
   * Verifies log objects.
   *
   * @param newest the newest head's epoch; later ones are another matter
   * @param done positions that have been read already
   */
  public void verify(
      Platform platform, Inventory inventory, Epoch newest, Predicate<LogPosition> done)
      throws StoreException, InterruptedException {
    List<LogPosition> positions = new ArrayList<>();
    inventory
        .logs()
        .headMap(newest, true)
        .forEach(
            (epoch, names) -> {
              for (long sequence : names.toArray()) {
                LogPosition position = new LogPosition(epoch, sequence);
                if (!done.test(position)) {
                  positions.add(position);
                }
              }
            });
    Ahead.each(
        platform,
        positions.iterator(),
        AHEAD,
        this::look,
        (position, finding) -> finding.ifPresent(findings::add));
  }

  private Optional<ObjectFinding> look(LogPosition position) throws StoreException {
    try {
      EntryCodec.open(volume, position, bucket.read(position.key(), ByteRange.ALL));
      return Optional.empty();
    } catch (StoreException.Missing deletedSinceListed) {
      return Optional.empty();
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return Optional.of(ObjectFinding.Spare.of(position.key(), e));
    }
  }
}
