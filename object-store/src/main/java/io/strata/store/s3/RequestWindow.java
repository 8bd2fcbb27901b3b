package io.strata.store.s3;

import io.strata.platform.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may be under way: as many as there are connections, until the server says that
 * it is asked too much. Then half of that, and one more for each round of requests that it served:
 * additive increase, multiplicative decrease, as in TCP (RFC 5681).
 *
 * <p>Safe for use by any thread. Who waits is let in first come, first served.
 */
final class RequestWindow {
  /** However long a server wants to be left alone: it might be wrong, and somebody waits. */
  private static final Duration REST_MAX = Duration.ofMinutes(1);

  private final int most;
  private final Clock clock;
  private final Permits permits;
  // Guarded by this.
  private int size;
  private int servedSinceGrowth;
  private boolean everShrunk;
  private long shrunkNanos;
  private long restUntilNanos;

  /** Open as wide as it goes. */
  RequestWindow(int most, Clock clock) {
    this.most = most;
    this.clock = clock;
    this.size = most;
    this.permits = new Permits(most);
    this.restUntilNanos = clock.nanoTime();
  }

  private static final class Permits extends Semaphore {
    private static final long serialVersionUID = 1L;

    Permits(int permits) {
      super(permits, true);
    }

    /** Takes permits away that may be in use; who comes waits until enough are back. */
    void take(int count) {
      reducePermits(count);
    }
  }

  /** Waits until a request may be sent; {@link #leave} must follow. */
  void enter() throws InterruptedException {
    permits.acquire();
    try {
      rest();
    } catch (InterruptedException e) {
      permits.release();
      throw e;
    }
  }

  void leave() {
    permits.release();
  }

  /** How many requests may be under way now. */
  synchronized int size() {
    return size;
  }

  /** A request was served. */
  synchronized void served() {
    if (size == most) {
      return;
    }
    servedSinceGrowth++;
    if (servedSinceGrowth >= size) {
      servedSinceGrowth = 0;
      size++;
      permits.release();
    }
  }

  /**
   * The server is asked too much.
   *
   * @param sentNanos when the request was sent: of all that were under way together, one counts
   * @param retryAfter how long the server wants to be left alone, if it says so
   */
  synchronized void throttled(long sentNanos, @Nullable Duration retryAfter) {
    long now = clock.nanoTime();
    if (retryAfter != null) {
      Duration rest = retryAfter.compareTo(REST_MAX) < 0 ? retryAfter : REST_MAX;
      if (now + rest.toNanos() - restUntilNanos > 0) {
        restUntilNanos = now + rest.toNanos();
      }
    }
    if (everShrunk && sentNanos - shrunkNanos < 0) {
      return;
    }
    everShrunk = true;
    shrunkNanos = now;
    servedSinceGrowth = 0;
    int smaller = Math.max(1, size / 2);
    permits.take(size - smaller);
    size = smaller;
  }

  private void rest() throws InterruptedException {
    while (true) {
      long restNanos;
      synchronized (this) {
        restNanos = restUntilNanos - clock.nanoTime();
      }
      if (restNanos <= 0) {
        return;
      }
      clock.sleep(Duration.ofNanos(restNanos));
    }
  }
}
