package io.strata.fuse.server;

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
      if (took >= slowAfter.toNanos() && request.report()) {
        LOG.warn("{} waits since {}", request.progress().describe(), Duration.ofNanos(took));
      }
    }
    if (waiting.all().isEmpty()) {
      watching.set(false);
    } else {
      clock.schedule(slowAfter, this::look);
    }
  }

  /** Called when a request is answered. */
  void answered(RequestInProgress progress, long tookNanos) {
    if (tookNanos >= slowAfter.toNanos()) {
      LOG.warn("{} took {}", progress.describe(), Duration.ofNanos(tookNanos));
    }
  }
}
