package io.strata.fs.volume;

import java.time.Duration;
import java.util.List;

/** Lets time pass at some sites in step, much faster than it does, until it is ended. */
final class Passing {
  static final Duration STEP = Duration.ofMillis(20);

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
        // So that what has fallen due is done before more does.
        Thread.sleep(1);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  void end() throws InterruptedException {
    over = true;
    thread.join();
  }
}
