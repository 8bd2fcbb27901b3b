package io.strata.store;

import io.strata.platform.Platform;
import java.time.Duration;

/**
 * Sends a request again and again until its outcome is certain.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @param platform time and jitter
 * @param backoff how long to wait between attempts, and when to give up
 */
public record Attempts(Platform platform, Backoff backoff) {
  /** A request to a store. */
  @FunctionalInterface
  public interface Request<T> {
    /** Sends it once. */
    T send() throws StoreException;
  }

  /**
   * Sends {@code request} until it returns, or fails with something else than {@link
   * StoreException.Unavailable}.
   *
   * @param what what is being done, for messages: "put head/1"
   * @throws StoreException.Unavailable if the deadline passed or the thread was interrupted (its
   *     interrupt status is then set); the outcome is unknown
   */
  public <T> T untilCertain(String what, Request<T> request) throws StoreException {
    long startNanos = platform.clock().nanoTime();
    for (int failures = 1; ; failures++) {
      try {
        return request.send();
      } catch (StoreException.Unavailable e) {
        Duration pause = backoff.pause(failures, platform.random());
        checkDeadline(what, startNanos, pause, failures, e);
        sleep(what, pause, e);
      }
    }
  }

  private void checkDeadline(
      String what, long startNanos, Duration pause, int failures, StoreException.Unavailable last)
      throws StoreException {
    Duration deadline = backoff.deadline();
    if (deadline == null) {
      return;
    }
    long spentNanos = platform.clock().nanoTime() - startNanos;
    if (deadline.minusNanos(spentNanos).compareTo(pause) < 0) {
      throw new StoreException.Unavailable(
          "%s: given up after %d attempts in %.1f s: %s"
              .formatted(what, failures, spentNanos / 1e9, last.getMessage()),
          last);
    }
  }

  private void sleep(String what, Duration pause, StoreException.Unavailable last)
      throws StoreException {
    try {
      // A request that was interrupted has set this; a clock need not look at it.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      platform.clock().sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      last.addSuppressed(e);
      throw new StoreException.Unavailable(what + ": interrupted", last);
    }
  }
}
