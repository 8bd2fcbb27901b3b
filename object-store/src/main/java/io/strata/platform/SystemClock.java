package io.strata.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The machine's clock. One daemon thread watches the timers; their tasks run on threads that it
 * starts.
 */
final class SystemClock implements Clock {
  private final ScheduledThreadPoolExecutor timers;
  private final ThreadFactory runners;

  /** A clock whose tasks run on threads of {@code runners}. */
  SystemClock(ThreadFactory runners) {
    this.runners = runners;
    timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("strata-timers").factory());
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    // Whoever sets it first decides: the task, which then runs, or cancel, and it never does.
    AtomicBoolean decided = new AtomicBoolean();
    Runnable run =
        () -> {
          if (decided.compareAndSet(false, true)) {
            task.run();
          }
        };
    Future<?> timer =
        timers.schedule(
            () -> runners.newThread(run).start(), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> {
      if (decided.compareAndSet(false, true)) {
        timer.cancel(false);
      }
    };
  }
}
