package io.strata.fs.volume;

import io.strata.replay.ReplayLog;

/**
 * Holds operations back while too much waits for a checkpoint: tree pages in memory, and log that
 * whoever recovers would have to read, all of it in memory at once. Safe for any thread.
 *
 * <p>A checkpoint is asked for at half a limit, so that one who changes metadata steadily is seldom
 * held.
 */
final class CheckpointBudget {
  private final VolumeState state;
  private final ReplayLog log;
  private final long dirtyBytesMax;
  private final long logBytesMax;
  private volatile long checkpointedLogBytes;
  private Runnable request = () -> {};
  private boolean open = true;
  private volatile boolean held;

  CheckpointBudget(VolumeState state, long dirtyBytesMax, ReplayLog log, long logBytesMax) {
    this.state = state;
    this.dirtyBytesMax = dirtyBytesMax;
    this.log = log;
    this.logBytesMax = logBytesMax;
  }

  /** Says how to ask for a checkpoint. */
  synchronized void whenFull(Runnable requestCheckpoint) {
    request = requestCheckpoint;
  }

  /** Whether a checkpoint should begin. */
  boolean wantsCheckpoint() {
    return state.tree().dirtyBytes() > dirtyBytesMax / 2 || tailBytes() > logBytesMax / 2;
  }

  /** Whether an operation may go on. */
  boolean hasRoom() {
    return !held && state.tree().dirtyBytes() <= dirtyBytesMax && tailBytes() <= logBytesMax;
  }

  /** What the log holds beyond the newest checkpoint. */
  private long tailBytes() {
    return log.cutBytes() - checkpointedLogBytes;
  }

  /** Waits until one may, or the volume closes. */
  synchronized void awaitRoom() throws InterruptedException {
    while (open && !hasRoom()) {
      if (!held) {
        request.run();
      }
      wait();
    }
  }

  /** Holds everybody back until {@link #release}. */
  synchronized void hold() {
    held = true;
  }

  /** Whether everybody is held back. */
  boolean isHeld() {
    return held;
  }

  /** Lets go of those who were held. */
  synchronized void release() {
    held = false;
    notifyAll();
  }

  /** A checkpoint has begun or failed: those who wait look again. */
  synchronized void changed() {
    notifyAll();
  }

  /**
   * A checkpoint is committed: those who wait look again.
   *
   * @param logBytes what {@link ReplayLog#cutBytes} was at the place where replay begins now
   */
  synchronized void checkpointed(long logBytes) {
    checkpointedLogBytes = logBytes;
    notifyAll();
  }

  /** Lets everybody go on, to be told that the volume is closed. */
  synchronized void close() {
    open = false;
    notifyAll();
  }
}
