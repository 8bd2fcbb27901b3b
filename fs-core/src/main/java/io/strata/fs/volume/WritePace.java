package io.strata.fs.volume;

import io.strata.platform.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Slows those who write while compaction cannot follow them, so that what they overwrite does not
 * take more and more room: all of them together may write as much as compaction gives back, and
 * {@link #BYTES_PER_SECOND_MIN} besides, whatever becomes of compaction. They go on in the order in
 * which they came. Safe for any thread.
 */
final class WritePace {
  /** How fast all who write may go in any case. */
  static final long BYTES_PER_SECOND_MIN = 16L << 20;

  /** So much of what nobody made use of is kept for later: compaction gives in lumps. */
  static final long KEPT_BYTES_MAX = 32L << 20;

  private final Clock clock;
  private volatile boolean slowed;

  // Guarded by this: when writes began to be slowed, and what was given and taken since.
  private final Queue<Waiter> waiting = new ArrayDeque<>();
  private long slowedNanos;
  private long givenBytes;
  private long takenBytes;
  private long slowedBeforeNanos;
  private Clock.Timer next = () -> {};

  WritePace(Clock clock) {
    this.clock = clock;
  }

  /** A write that may go on when more than {@code turn} bytes are allowed. */
  private record Waiter(long turn, CountDownLatch gone) {}

  /** Says whether writes are to be slowed. */
  synchronized void slow(boolean writes) {
    if (slowed && !writes) {
      slowedBeforeNanos += clock.nanoTime() - slowedNanos;
    }
    if (writes && !slowed) {
      slowedNanos = clock.nanoTime();
      givenBytes = 0;
      takenBytes = 0;
    }
    slowed = writes;
    release();
  }

  /** Lets so many more bytes be written. */
  synchronized void give(long bytes) {
    givenBytes += bytes;
    release();
  }

  /** Whether whoever writes is to {@link #await} first. */
  boolean isSlowed() {
    return slowed;
  }

  /** For how long writes were slowed, all in all. */
  synchronized Duration slowedSoFar() {
    return Duration.ofNanos(slowedBeforeNanos + (slowed ? clock.nanoTime() - slowedNanos : 0));
  }

  /** Has a write of so many bytes wait for its turn while writes are slowed. */
  void await(long bytes) throws InterruptedException {
    turn(bytes).await();
  }

  private synchronized CountDownLatch turn(long bytes) {
    Waiter waiter =
        new Waiter(Math.max(takenBytes, allowedBytes() - KEPT_BYTES_MAX), new CountDownLatch(1));
    takenBytes = waiter.turn() + bytes;
    waiting.add(waiter);
    if (waiting.size() == 1) {
      release();
    }
    return waiter.gone();
  }

  /** Lets go whose turn it is, and comes again when it is the next one's. */
  private synchronized void release() {
    next.cancel();
    long allowed = allowedBytes();
    for (Waiter first = waiting.peek(); first != null; first = waiting.peek()) {
      long early = first.turn() - allowed;
      if (slowed && early >= 0) {
        next = clock.schedule(Duration.ofMillis(millis(early + 1)), this::release);
        return;
      }
      waiting.remove();
      first.gone().countDown();
    }
  }

  private long allowedBytes() {
    long millis = TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - slowedNanos);
    return givenBytes + millis * BYTES_PER_SECOND_MIN / 1000;
  }

  private static long millis(long bytes) {
    return 1 + bytes * 1000 / BYTES_PER_SECOND_MIN;
  }
}
