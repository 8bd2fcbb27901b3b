package io.strata.fs.volume;

import io.strata.fs.continuity.StateDirectory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to open a volume.
 *
 * @param readOnly read what the bucket holds and write nothing to it, also if somebody else owns
 *     the volume
 * @param takeOver take the volume from an owner who may be alive; it is fenced
 * @param singleWriter accept a store that ignores {@code If-None-Match}
 * @param flushTime how long a change may wait before it is sent to the store without an fsync
 * @param checkpointInterval how long after a first change the tree is written down
 * @param ioTimeout how long an operation may wait for the store before it fails with EIO; null for
 *     as long as it takes
 * @param limits bounds of memory and sizes
 * @param state where clients are remembered across restarts; null if none are to outlive this process
 * @param lease how the owner makes sure that it still is one
 */
public record OpenOptions(
    boolean readOnly,
    boolean takeOver,
    boolean singleWriter,
    Duration flushTime,
    Duration checkpointInterval,
    @Nullable Duration ioTimeout,
    VolumeLimits limits,
    @Nullable StateDirectory state,
    LeaseOptions lease) {
  /** Own the volume, with the settings that suit most. */
  public static final OpenOptions DEFAULT =
      new OpenOptions(
          false, false, false, Duration.ofSeconds(5), Duration.ofSeconds(10), VolumeLimits.DEFAULT);

  public OpenOptions {
    if (flushTime.isNegative() || flushTime.isZero()) {
      throw new IllegalArgumentException("flush time must be positive: " + flushTime);
    }
    if (checkpointInterval.isNegative() || checkpointInterval.isZero()) {
      throw new IllegalArgumentException(
          "checkpoint interval must be positive: " + checkpointInterval);
    }
    if (ioTimeout != null && !ioTimeout.isPositive()) {
      throw new IllegalArgumentException("I/O timeout must be positive: " + ioTimeout);
    }
    if (readOnly && lease.standby()) {
      throw new IllegalArgumentException("a standby waits to own the volume: not read-only");
    }
  }

  /** Options of one who waits for as long as it takes, without a memory for clients. */
  public OpenOptions(
      boolean readOnly,
      boolean takeOver,
      boolean singleWriter,
      Duration flushTime,
      Duration checkpointInterval,
      VolumeLimits limits) {
    this(
        readOnly,
        takeOver,
        singleWriter,
        flushTime,
        checkpointInterval,
        null,
        limits,
        null,
        LeaseOptions.DEFAULT);
  }

  /** The same, read-only or not. */
  public OpenOptions withReadOnly(boolean value) {
    return new OpenOptions(
        value,
        takeOver,
        singleWriter,
        flushTime,
        checkpointInterval,
        ioTimeout,
        limits,
        state,
        lease);
  }

  /** The same, taking over or not. */
  public OpenOptions withTakeOver(boolean value) {
    return new OpenOptions(
        readOnly,
        value,
        singleWriter,
        flushTime,
        checkpointInterval,
        ioTimeout,
        limits,
        state,
        lease);
  }

  /** The same, trusting that there is a single writer or not. */
  public OpenOptions withSingleWriter(boolean value) {
    return new OpenOptions(
        readOnly, takeOver, value, flushTime, checkpointInterval, ioTimeout, limits, state, lease);
  }

  /** The same with other times. */
  public OpenOptions withTimes(Duration flush, Duration checkpoint) {
    return new OpenOptions(
        readOnly, takeOver, singleWriter, flush, checkpoint, ioTimeout, limits, state, lease);
  }

  /** The same with a time after which an operation fails that waits for the store. */
  public OpenOptions withIoTimeout(@Nullable Duration value) {
    return new OpenOptions(
        readOnly,
        takeOver,
        singleWriter,
        flushTime,
        checkpointInterval,
        value,
        limits,
        state,
        lease);
  }

  /** The same with other limits. */
  public OpenOptions withLimits(VolumeLimits value) {
    return new OpenOptions(
        readOnly,
        takeOver,
        singleWriter,
        flushTime,
        checkpointInterval,
        ioTimeout,
        value,
        state,
        lease);
  }

  /** The same with a memory for clients. */
  public OpenOptions withState(StateDirectory value) {
    return new OpenOptions(
        readOnly,
        takeOver,
        singleWriter,
        flushTime,
        checkpointInterval,
        ioTimeout,
        limits,
        value,
        lease);
  }

  /** The same with another lease. */
  public OpenOptions withLease(LeaseOptions value) {
    return new OpenOptions(
        readOnly,
        takeOver,
        singleWriter,
        flushTime,
        checkpointInterval,
        ioTimeout,
        limits,
        state,
        value);
  }
}
