package io.strata.fs.volume;

import io.strata.platform.Clock;
import io.strata.replay.ReplayLog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the promise of an owner whose volume somebody waits to take: something goes into its log
 * every third of the term, whether there is anything to do or not. Until it is started it does
 * nothing at all. Safe for any thread.
 */
final class Heartbeat implements AutoCloseable {
  /** How many beats of a term: two may be late before the third is missed. */
  private static final int BEATS = 3;

  /**
   * Whoever takes the volume reads all entries since the last checkpoint; so many of them may be
   * mere signs of life.
   */
  private static final int RENEWALS_MAX = 100;

  private final ReplayLog log;
  private final Clock clock;
  private final Duration term;
  private final Runnable tooMany;

  // Guarded by this.
  private Clock.@Nullable Timer next;
  private boolean started;
  private boolean closed;
  private long heardNanos;
  private int renewals;

  /**
   * A heart that does not beat yet.
   *
   * @param tooMany is run when the log should be shortened by a checkpoint
   */
  Heartbeat(ReplayLog log, Clock clock, Duration term, Runnable tooMany) {
    this.log = log;
    this.clock = clock;
    this.term = term;
    this.tooMany = tooMany;
  }

  /** Beats from now on. Idempotent. */
  void start() {
    synchronized (this) {
      if (started || closed) {
        return;
      }
      started = true;
      heardNanos = clock.nanoTime();
      next = clock.schedule(period(), this::beat);
    }
    log.renew(term, false);
  }

  private Duration period() {
    return term.dividedBy(BEATS);
  }

  synchronized boolean isStarted() {
    return started;
  }

  /** An entry is in the store that was sent at this moment. */
  synchronized void heard(long sentNanos) {
    heardNanos = Math.max(heardNanos, sentNanos);
  }

  /**
   * A checkpoint has shortened the log: whoever reads only what is left of it must find the promise,
   * also of an owner who always has something else to put.
   */
  void shortened() {
    synchronized (this) {
      if (!started || closed) {
        return;
      }
      renewals = 0;
    }
    log.renew(term, false);
  }

  private void beat() {
    boolean due;
    boolean many = false;
    synchronized (this) {
      if (closed) {
        return;
      }
      Duration period = period();
      long silent = clock.nanoTime() - heardNanos;
      due = silent >= period.toNanos();
      if (due) {
        renewals++;
        many = renewals >= RENEWALS_MAX;
      }
      next = clock.schedule(due ? period : period.minusNanos(silent), this::beat);
    }
    if (due) {
      log.renew(term, true);
    }
    if (many) {
      tooMany.run();
    }
  }

  /** Stops. */
  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
