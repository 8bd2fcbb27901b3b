package io.strata.fuse.server;

import io.strata.fuse.abi.LockRequest;
import io.strata.platform.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs requests that take long, while they do and when they are done. Looks at what waits only
 * while anything does. Safe for any thread.
 */
final class SlowRequests {
  private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);

  private final WaitingRequests waiting;
  private final Clock clock;
  private final Duration slowAfter;
  private final AtomicBoolean watching = new AtomicBoolean();

  SlowRequests(WaitingRequests waiting, Clock clock, Duration slowAfter) {
    this.waiting = waiting;
    this.clock = clock;
    this.slowAfter = slowAfter;
  }

  /** Called when a request begins to wait. */
  void watch() {
    if (!watching.get() && watching.compareAndSet(false, true)) {
      clock.schedule(slowAfter, this::look);
    }
  }

  private void look() {
    long now = clock.nanoTime();
    for (WaitingRequests.WaitingRequest request : waiting.all()) {
      long took = now - request.progress().began();
      if (isSlow(request.progress(), took) && request.report()) {
        LOG.warn("{} waits since {}", request.progress().describe(), Duration.ofNanos(took));
      }
    }
    if (waiting.all().isEmpty()) {
      watching.set(false);
    } else {
      clock.schedule(slowAfter, this::look);
    }
  }

  /** Who waits for a lock waits for somebody else, for as long as that takes. */
  private boolean isSlow(RequestInProgress progress, long tookNanos) {
    boolean waitsForLock =
        progress.request() instanceof LockRequest.SetLock lock && lock.waits();
    return tookNanos >= slowAfter.toNanos() && !waitsForLock;
  }

  /** Called when a request is answered. */
  void answered(RequestInProgress progress, long tookNanos) {
    if (isSlow(progress, tookNanos)) {
      LOG.warn("{} took {}", progress.describe(), Duration.ofNanos(tookNanos));
    }
  }
}
