package io.strata.tests.outage;

import io.strata.platform.Clock;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Real threads on a clock that only the test turns; timers run on threads of their own, as those of
 * the system's clock do, so that a task that waits does not hold the time up.
 */
final class VirtualTime {
  /** The time passes in so many steps, between which threads get something done. */
  private static final int STEPS = 300;

  private static final Duration STEP_MIN = Duration.ofMillis(100);

  /** Slow enough for threads of a busy machine to get done what they should before a timeout. */
  private static final Duration CAREFUL_STEP = Duration.ofMillis(20);

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final Executor threads = task -> Thread.ofVirtual().start(task);
  private final Platform platform =
      new Platform(
          new ThreadedTimers(clock, threads),
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          threads);

  private record ThreadedTimers(ManualClock clock, Executor threads) implements Clock {
    @Override
    public Instant now() {
      return clock.now();
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      clock.sleep(time);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return clock.schedule(delay, () -> threads.execute(task));
    }
  }

  Platform platform() {
    return platform;
  }

  /** Turns the clock at once. */
  void jump(Duration time) {
    clock.advance(time);
  }

  /** Lets time pass. */
  void pass(Duration time) throws InterruptedException {
    Duration step = time.dividedBy(STEPS);
    if (step.compareTo(STEP_MIN) < 0) {
      step = STEP_MIN;
    }
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      clock.advance(step.compareTo(left) < 0 ? step : left);
      Thread.sleep(Duration.ofNanos(100_000));
    }
  }

  /** Lets time pass until something has happened. */
  void passUntil(BooleanSupplier happened) throws InterruptedException {
    while (!happened.getAsBoolean()) {
      clock.advance(CAREFUL_STEP);
      Thread.sleep(1);
    }
  }

  /** Lets time pass until there is a result. */
  <T> T passUntilDone(Future<T> future) throws InterruptedException, ExecutionException {
    passUntil(future::isDone);
    return future.get();
  }
}
