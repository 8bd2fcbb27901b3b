package io.strata.fs;

import io.strata.store.Epoch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the handles that one epoch gives out: those of the volume and those of its snapshots from
 * ranges of their own, so that a number says which it is of. Safe for any thread.
 */
public final class HandleCounter {
  private final Epoch epoch;
  private final long max;
  private final AtomicLong last;

  private HandleCounter(Epoch epoch, long min, long max) {
    this.epoch = epoch;
    this.max = max;
    this.last = new AtomicLong(min - 1);
  }

  /** For the files of a volume. */
  public static HandleCounter ofVolume(Epoch epoch) {
    return new HandleCounter(epoch, 1, HandleNumber.PAST_COUNTER_MIN - 1);
  }

  /** For the files of all snapshots of a volume. */
  public static HandleCounter ofSnapshots(Epoch epoch) {
    return new HandleCounter(epoch, HandleNumber.PAST_COUNTER_MIN, HandleNumber.COUNTER_MAX);
  }

  /** The epoch that the handles are of. */
  public Epoch epoch() {
    return epoch;
  }

  /** A number for a handle of a file; ENFILE if there are no more. */
  public long file(int flags) throws FsException {
    return HandleNumber.ofFile(epoch, next(), flags).encode();
  }

  /** A number for a handle of a directory; ENFILE if there are no more. */
  public long directory() throws FsException {
    return HandleNumber.ofDirectory(epoch, next()).encode();
  }

  private long next() throws FsException {
    long counter = last.incrementAndGet();
    if (counter > max) {
      throw new FsException(Errno.ENFILE, "epoch " + epoch + " has used up its handles");
    }
    return counter;
  }
}
