package io.strata.platform;

import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** The real machine. */
public final class SystemPlatform {
  private SystemPlatform() {}

  /**
   * A platform of its own: the system's clock and randomness, a worker thread for each processor,
   * and a virtual thread for each task that waits. None of its threads keeps the process alive.
   */
  public static Platform create() {
    ThreadFactory workers = Thread.ofPlatform().daemon().name("strata-worker-", 0).factory();
    int processors = Runtime.getRuntime().availableProcessors();
    ThreadFactory waiting = Thread.ofVirtual().name("strata-waiting-", 0).factory();
    Executor startEach = task -> waiting.newThread(task).start();
    return new Platform(
        new SystemClock(waiting),
        // Not for secrecy: two daemons started by one script must not draw the same tokens.
        new SecureRandom(),
        Executors.newFixedThreadPool(processors, workers),
        startEach);
  }
}
