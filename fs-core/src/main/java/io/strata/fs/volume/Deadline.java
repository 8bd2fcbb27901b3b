package io.strata.fs.volume;

import io.strata.platform.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task a fixed time after the first of the events since it ran last; with no events it does
 * nothing, so that an idle volume costs nothing. The task runs once at a time: the time of events
 * in the meantime begins when it has ended. Safe for any thread.
 */
final class Deadline {
  private final Clock clock;
  private final Duration delay;
  private final Runnable task;
  private Clock.@Nullable Timer armed;
  private boolean running;
  private boolean missed;
  private boolean closed;

  Deadline(Clock clock, Duration delay, Runnable task) {
    this.clock = clock;
    this.delay = delay;
    this.task = task;
  }

  /** Notes an event. */
  synchronized void arm() {
    if (running) {
      missed = true;
    } else if (armed == null && !closed) {
      armed = clock.schedule(delay, this::run);
    }
  }

  /** Forgets the events so far: their task is being done. */
  synchronized void disarm() {
    missed = false;
    if (armed != null) {
      armed.cancel();
      armed = null;
    }
  }

  /** Never runs again. */
  synchronized void close() {
    closed = true;
    disarm();
  }

  private void run() {
    synchronized (this) {
      if (closed) {
        return;
      }
      armed = null;
      running = true;
    }
    try {
      task.run();
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    running = false;
    if (missed) {
      missed = false;
      arm();
    }
  }
}
