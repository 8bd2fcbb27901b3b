package io.strata.fs.volume;

import java.time.Duration;
import java.util.List;

/**
 * Lets time pass at some sites in step, much faster than it does, until it is ended; but no faster
 * than they do what falls due in it, however busy the machine is.
 */
final class Passing {
  static final Duration STEP = Duration.ofMillis(20);

  /** More than anything takes that is to be done at one time. */
  private static final int DOING_MILLIS_MAX = 10_000;

  private final List<Site> sites;
  private final Thread thread;
  private volatile boolean over;

  Passing(List<Site> sites) {
    this.sites = List.copyOf(sites);
    thread = Thread.ofPlatform().daemon().name("passing time").start(this::run);
  }

  private void run() {
    while (!over) {
      sites.forEach(site -> site.pass(STEP));
      try {
        Thread.sleep(1);
        for (int i = 0; i < DOING_MILLIS_MAX && !over && !isAllDone(); i++) {
          Thread.sleep(1);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean isAllDone() {
    return sites.stream().allMatch(Site::isAtRest);
  }

  void end() throws InterruptedException {
    over = true;
    thread.join();
  }
}
