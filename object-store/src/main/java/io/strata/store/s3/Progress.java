package io.strata.store.s3;

import io.strata.platform.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When something of one request last moved, and for how long nothing may. Safe for any thread.
 *
 * <p>What is limited is silence, never the time that a request takes: however slow a link is, a
 * segment passes over it piece by piece. But the last megabytes of a body move unseen: the kernel has
 * taken them, and sends them while nothing comes back. So what was handed over is given its time, at a
 * pace that is slow for a connection; that is for the time after the last piece, in which a limit
 * that knew nothing of it would end every put on a slow link again and again.
 */
final class Progress {
  /** The most that a kernel keeps of what it was given to send: Linux's {@code tcp_wmem}. */
  private static final long UNSEEN_BYTES_MAX = 4L << 20;

  private static final long UNSEEN_BYTES_PER_SECOND = 128 << 10;

  private final Clock clock;
  private final long silenceNanosMax;
  private volatile long movedNanos;
  private final AtomicLong handedBytes = new AtomicLong();

  /**
   * Of a request that begins now.
   *
   * @param silenceMax for how long nothing may move while nothing is on its way
   */
  Progress(Clock clock, Duration silenceMax) {
    this.clock = clock;
    this.silenceNanosMax = silenceMax.toNanos();
    this.movedNanos = clock.nanoTime();
  }

  /** Bytes of the request were handed over to be sent. */
  void handed(int bytes) {
    handedBytes.addAndGet(bytes);
    movedNanos = clock.nanoTime();
  }

  /** Bytes of the answer came. */
  void came() {
    movedNanos = clock.nanoTime();
  }

  /** How much longer nothing needs to move; not positive if the request counts as lost. */
  long leftNanos() {
    return limitNanos() - (clock.nanoTime() - movedNanos);
  }

  /** For how long nothing may move as things are now. */
  Duration limit() {
    return Duration.ofNanos(limitNanos());
  }

  private long limitNanos() {
    return silenceNanosMax + unseenNanos(handedBytes.get());
  }

  /** The longest {@link #limit} of any request. */
  static Duration limitMax(Duration silenceMax) {
    return silenceMax.plusNanos(unseenNanos(UNSEEN_BYTES_MAX));
  }

  private static long unseenNanos(long bytes) {
    return Math.min(bytes, UNSEEN_BYTES_MAX) * 1_000_000_000L / UNSEEN_BYTES_PER_SECOND;
  }
}
