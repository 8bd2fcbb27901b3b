package io.strata.fs;

import io.strata.store.Epoch;
import java.util.Optional;

/**
 * What the number of a handle says, so that an owner who comes after a crash can rebuild the handle
 * from it and the inode's number alone.
 *
 * <p>Bits, from the highest: 1 zero, 1 directory, 6 flags, 14 epoch, 42 counter.
 *
 * @param directory whether a directory is open; it has no flags
 * @param flags access mode, O_APPEND, O_DSYNC, O_SYNC and O_NOATIME ({@link OpenFlags})
 * @param epochBits the lowest bits of the epoch that opened it
 * @param counter 1 to {@link #COUNTER_MAX}, unique in the epoch
 */
public record HandleNumber(boolean directory, int flags, int epochBits, long counter) {
  /** The highest counter there can be. */
  public static final long COUNTER_MAX = (1L << 42) - 1;

  /**
   * From here on counters are of handles in snapshots. Below there are as many for the volume: at a
   * million files opened a second, enough for 25 days.
   */
  static final long PAST_COUNTER_MIN = 1L << 41;

  private static final int EPOCH_SHIFT = 42;
  private static final int EPOCH_MASK = (1 << 14) - 1;
  private static final int NO_ACCESS_TIME_SHIFT = 56;
  private static final int APPEND_SHIFT = 57;
  private static final int SYNC_SHIFT = 58;
  private static final int ACCESS_SHIFT = 60;
  private static final int DIRECTORY_SHIFT = 62;

  /** SYNC without the bit that it shares with SYNC_DATA. */
  private static final int METADATA_TOO = OpenFlags.SYNC & ~OpenFlags.SYNC_DATA;

  private static final int KEPT =
      OpenFlags.ACCESS_MASK
          | OpenFlags.APPEND
          | OpenFlags.NO_ACCESS_TIME
          | OpenFlags.SYNC_DATA
          | METADATA_TOO;

  public HandleNumber {
    if (counter < 1 || counter > COUNTER_MAX || (epochBits & ~EPOCH_MASK) != 0) {
      throw new IllegalArgumentException("no handle %d of epoch %d".formatted(counter, epochBits));
    }
    if ((flags & ~KEPT) != 0
        || (flags & OpenFlags.ACCESS_MASK) == OpenFlags.ACCESS_MASK
        || (directory && flags != 0)) {
      throw new IllegalArgumentException("no handle has flags %o".formatted(flags));
    }
  }

  /** Whether a handle is of something in a snapshot. */
  public static boolean isPast(long handle) {
    return (handle & PAST_COUNTER_MIN) != 0;
  }

  /** The {@code counter}-th handle of an epoch, of a file opened with {@code flags}. */
  public static HandleNumber ofFile(Epoch epoch, long counter, int flags) {
    return new HandleNumber(false, flags & KEPT, bits(epoch), counter);
  }

  /** The {@code counter}-th handle of an epoch, of a directory. */
  public static HandleNumber ofDirectory(Epoch epoch, long counter) {
    return new HandleNumber(true, 0, bits(epoch), counter);
  }

  /** What a number says; empty if no owner ever makes such a number. */
  public static Optional<HandleNumber> decode(long value) {
    long counter = value & COUNTER_MAX;
    boolean directory = (value >>> DIRECTORY_SHIFT & 1) != 0;
    int access = (int) (value >>> ACCESS_SHIFT) & OpenFlags.ACCESS_MASK;
    int sync = (int) (value >>> SYNC_SHIFT) & 3;
    int flags =
        access
            | ((value >>> APPEND_SHIFT & 1) != 0 ? OpenFlags.APPEND : 0)
            | ((value >>> NO_ACCESS_TIME_SHIFT & 1) != 0 ? OpenFlags.NO_ACCESS_TIME : 0)
            | ((sync & 1) != 0 ? OpenFlags.SYNC_DATA : 0)
            | ((sync & 2) != 0 ? METADATA_TOO : 0);
    if (value <= 0
        || counter == 0
        || access == OpenFlags.ACCESS_MASK
        || (directory && flags != 0)) {
      return Optional.empty();
    }
    return Optional.of(
        new HandleNumber(directory, flags, (int) (value >>> EPOCH_SHIFT) & EPOCH_MASK, counter));
  }

  /** The number, greater than 0. */
  public long encode() {
    int sync =
        ((flags & OpenFlags.SYNC_DATA) != 0 ? 1 : 0) | ((flags & METADATA_TOO) != 0 ? 2 : 0);
    return (directory ? 1L << DIRECTORY_SHIFT : 0)
        | (long) (flags & OpenFlags.ACCESS_MASK) << ACCESS_SHIFT
        | (long) sync << SYNC_SHIFT
        | ((flags & OpenFlags.APPEND) != 0 ? 1L << APPEND_SHIFT : 0)
        | ((flags & OpenFlags.NO_ACCESS_TIME) != 0 ? 1L << NO_ACCESS_TIME_SHIFT : 0)
        | (long) epochBits << EPOCH_SHIFT
        | counter;
  }

  /**
   * The epoch before {@code now} that made it, if that is less than 16,384 epochs ago; empty if it
   * is of {@code now} itself or of no epoch.
   */
  public Optional<Epoch> epochBefore(Epoch now) {
    int age = (now.value() - epochBits) & EPOCH_MASK;
    int epoch = now.value() - age;
    return age == 0 || epoch < 1 ? Optional.empty() : Optional.of(new Epoch(epoch));
  }

  private static int bits(Epoch epoch) {
    return epoch.value() & EPOCH_MASK;
  }
}
