package io.strata.replay;

import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;

/**
 * Ends another owner's log for good.
 *
 * <p>Who fences must have won the head that begins the next epoch: that is what makes the new owner
 * the only one, and a fence only makes the old owner notice. A fence is never deleted: an owner
 * that slept for a year must still run into it.
 */
public final class LogFence {
  private LogFence() {}

  /**
   * Puts a fence.
   *
   * @return {@code TAKEN} if something else stands there: read on behind it
   */
  public static OncePut.Outcome put(OncePut once, VolumeId volume, LogEntry.Fence fence)
      throws StoreException {
    return once.put(fence.position().key(), EntryCodec.frame(volume, fence));
  }

  /**
   * Reads a log to its end and makes that end final.
   *
   * @param from the first place to read
   * @param head the head that the log's epoch began with
   * @param by the new owner's epoch, later than the log's
   * @param owner the new owner, as a person would write it
   * @return the end: {@link LogEnd.Fenced} (by this or an earlier fence), or {@link LogEnd.Stopped}
   *     where the visitor stopped, or {@link LogEnd.Damaged}; never {@link LogEnd.Open}
   * @throws IOException what the store or the visitor threw
   */
  public static LogEnd readAndFence(
      LogReader reader,
      OncePut once,
      VolumeId volume,
      LogPosition from,
      HeadReference head,
      Epoch by,
      String owner,
      EntryVisitor visitor)
      throws IOException {
    if (by.compareTo(from.epoch()) <= 0) {
      throw new IllegalArgumentException("epoch " + by + " cannot fence " + from);
    }
    LogPosition at = from;
    while (true) {
      LogEnd end = reader.readTail(at, head, visitor);
      if (!(end instanceof LogEnd.Open)) {
        return end;
      }
      at = end.position();
      LogEntry.Fence fence = new LogEntry.Fence(at, head, by, owner);
      switch (put(once, volume, fence)) {
        case STORED -> {
          return new LogEnd.Fenced(fence);
        }
        case TAKEN -> {
          // The old owner was quicker: its entry counts, and the end is further on.
        }
      }
    }
  }
}
