package io.strata.fs.volume;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.replay.ReplayFailure;
import io.strata.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long this owner may answer without asking the store whether it still is the owner.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>It holds for a term from a moment at which nobody had ended this owner's log, as the store
 *       said: the moment when the request that proved it was sent, never when it was answered.
 *   <li>While nothing is to be done nothing is sent: it lapses, and the first operation after that
 *       asks, by one request that all who wait then share.
 *   <li>A <i>soft</i> lease gives way to a store that does not answer, so that an outage stops nobody
 *       from reading what is in memory; it goes on asking. A <i>hard</i> one, of an owner whose
 *       volume somebody waits to take, does not: nothing is answered until it is renewed.
 * </ol>
 *
 * <p>It keeps stale answers away, not damage: what keeps two owners from writing is the conditional
 * put alone. Safe for any thread.
 */
final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /** What part of the term operations wait at most before a soft lease gives way. */
  private static final int PATIENCE_PART = 3;

  private final Duration term;
  private final Duration patience;
  private final Platform platform;
  private final Question question;

  /** The end of the lease on the monotonic clock; changed under the monitor. */
  private volatile long untilNanos;

  // Guarded by this.
  private boolean hard;
  private boolean asking;
  private boolean unanswered;
  private boolean closed;
  private @Nullable CompletableFuture<Void> gate;
  private Clock.@Nullable Timer givingWay;

  /** Asks the store whether this process still owns the volume. */
  @FunctionalInterface
  interface Question {
    /**
     * Returns a moment at which it did, on the monotonic clock.
     *
     * @throws ReplayFailure if it does not any more; every operation is told so by others
     * @throws StoreException if the store does not say
     */
    long ask() throws ReplayFailure, StoreException;
  }

  /**
   * A lease that was renewed at {@code fromNanos}.
   *
   * @param patience how long operations wait for the store before a soft lease gives way
   * @param hard whether it stops operations that the store does not answer for
   */
  Lease(
      Duration term,
      Duration patience,
      boolean hard,
      long fromNanos,
      Platform platform,
      Question question) {
    this.term = term;
    this.patience = patience;
    this.hard = hard;
    this.platform = platform;
    this.question = question;
    this.untilNanos = fromNanos + term.toNanos();
  }

  /**
   * How patient a lease is: not so much that operations which need nothing of the store would wait
   * for its answer until they have to fail.
   *
   * @param ioTimeout when they fail; null for never
   */
  static Duration patience(Duration term, @Nullable Duration ioTimeout) {
    Duration part = term.dividedBy(PATIENCE_PART);
    Duration half = ioTimeout == null ? part : ioTimeout.dividedBy(2);
    return half.compareTo(part) < 0 ? half : part;
  }

  /** Whether it holds now. */
  boolean holds() {
    return platform.clock().nanoTime() - untilNanos < 0;
  }

  Duration term() {
    return term;
  }

  /** For how long it holds from now on; negative if it has lapsed. */
  Duration left() {
    return Duration.ofNanos(untilNanos - platform.clock().nanoTime());
  }

  synchronized boolean isHard() {
    return hard;
  }

  /** Makes it hard for good: somebody waits for the volume. */
  synchronized void harden() {
    hard = true;
    unanswered = false;
  }

  /** The store has shown that the volume was this process's at a moment of the monotonic clock. */
  synchronized void renewed(long nanos) {
    long until = nanos + term.toNanos();
    if (until - untilNanos > 0) {
      untilNanos = until;
    }
    if (holds()) {
      unanswered = false;
      open();
    }
  }

  /**
   * What an operation that meets a lapsed lease waits for; has the store asked. Done if it need not
   * wait.
   */
  synchronized CompletableFuture<Void> gate() {
    if (closed || holds() || (unanswered && !hard)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> waiting = gate;
    if (waiting == null) {
      waiting = new CompletableFuture<>();
      gate = waiting;
      givingWay = platform.clock().schedule(patience, this::giveWay);
    }
    if (!asking) {
      asking = true;
      platform.waiting().execute(this::ask);
    }
    return waiting;
  }

  /** Waits for a gate. */
  static void await(CompletableFuture<Void> gate) throws FsException {
    try {
      gate.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted while the lease was renewed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails a gate", e);
    }
  }

  private void ask() {
    do {
      try {
        renewed(question.ask());
      } catch (ReplayFailure e) {
        // Nobody is let through before the volume has learnt it, which then closes this.
        LOG.debug("the lease has ended", e);
        return;
      } catch (StoreException e) {
        askLater(e);
        return;
      }
      // An answer may be older than the term, as after a pause of the process: then it proves nothing.
    } while (!isEnough());
  }

  /** The store has answered: whether that will do. */
  private synchronized boolean isEnough() {
    unanswered = false;
    asking = !closed && !holds() && gate != null;
    return !asking;
  }

  private void askLater(StoreException why) {
    giveWay();
    synchronized (this) {
      if (closed) {
        asking = false;
        return;
      }
      LOG.warn("the store does not say whether this volume is still ours: {}", why.getMessage());
      Duration pause = hard ? term.dividedBy(PATIENCE_PART) : term;
      platform.clock().schedule(pause, () -> platform.waiting().execute(this::askAgain));
    }
  }

  private void askAgain() {
    synchronized (this) {
      if (closed || holds()) {
        asking = false;
        return;
      }
    }
    ask();
  }

  /** The store has not answered in time: operations go on without, unless the lease is hard. */
  private synchronized void giveWay() {
    if (!hard && !holds() && asking) {
      unanswered = true;
      open();
    }
  }

  private void open() {
    CompletableFuture<Void> waiting = gate;
    gate = null;
    if (givingWay != null) {
      givingWay.cancel();
      givingWay = null;
    }
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  /** Holds nobody up any more: the volume has ended, and says so itself. */
  @Override
  public synchronized void close() {
    closed = true;
    open();
  }
}
