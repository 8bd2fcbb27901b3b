package io.strata.fs.volume;

import io.strata.replay.ReplayLog;
import io.strata.segment.SegmentLog;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when a checkpoint is to be made before its time. Safe for any thread.
 *
 * <p>Operations are held back while too much waits for one: tree pages in memory, and log that
 * whoever recovers would have to read, all of it in memory at once. A checkpoint is asked for at
 * half a limit, so that one who changes metadata steadily is seldom held. It is also asked for when
 * much has become garbage, which only checkpoints let go; nobody is held for that.
 */
final class CheckpointBudget {
  /** A checkpoint is due when this share of what is live has become garbage. */
  private static final long GARBAGE_SHARE = 16;

  private final VolumeState state;
  private final ReplayLog log;
  private final SegmentLog segments;
  private final long dirtyBytesMax;
  private final long logBytesMax;
  private final long garbageBytesMin;

  /** What was {@link #emptied} since the last freeze. */
  private final AtomicLong emptiedBytes = new AtomicLong();

  /** Appended bytes that no file refers to, since the volume was opened, as of the last freeze. */
  private volatile long frozenInVain;

  private volatile long checkpointedLogBytes;
  private Runnable request = () -> {};
  private boolean open = true;
  private volatile boolean held;

  CheckpointBudget(
      VolumeState state, ReplayLog log, SegmentLog segments, VolumeLimits limits) {
    this.state = state;
    this.log = log;
    this.segments = segments;
    this.dirtyBytesMax = limits.dirtyPageBytesMax();
    this.logBytesMax = limits.logTailBytesMax();
    this.garbageBytesMin = limits.garbageBytesMin();
    this.frozenInVain = appendedInVain();
  }

  /** Says how to ask for a checkpoint. */
  synchronized void whenFull(Runnable requestCheckpoint) {
    request = requestCheckpoint;
  }

  /** Whether a checkpoint should begin. */
  boolean wantsCheckpoint() {
    return state.tree().dirtyBytes() > dirtyBytesMax / 2
        || tailBytes() > logBytesMax / 2
        || overwrittenBytes() + emptiedBytes.get()
            > Math.max(garbageBytesMin, state.usedBytes() / GARBAGE_SHARE);
  }

  /** What became garbage because files refer to it no longer, since the last freeze. */
  long overwrittenBytes() {
    return appendedInVain() - frozenInVain;
  }

  /** What was appended and what files refer to, apart: its growth is what became garbage. */
  private long appendedInVain() {
    return segments.appendedBytes() - state.usedBytes();
  }

  /** Segments with so many logical bytes, all of which files referred to once, are being emptied. */
  void emptied(long bytes) {
    emptiedBytes.addAndGet(bytes);
  }

  /** The tree is frozen, and what is garbage now dies with this checkpoint; under the lock. */
  void frozen() {
    frozenInVain = appendedInVain();
    emptiedBytes.set(0);
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
