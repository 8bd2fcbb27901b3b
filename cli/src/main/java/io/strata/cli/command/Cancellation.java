package io.strata.cli.command;

import io.strata.fsck.FsckReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a signal does to a check: the thread that checks is interrupted and has some seconds to note
 * how far it is; the process then ends with the status of {@code e2fsck(8)} for that.
 */
final class Cancellation {
  private static final int PATIENCE_SECONDS = 10;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean cancelled;

  private Cancellation(Thread checking) {
    hook = new Thread(() -> cancel(checking), "cancel fsck");
  }

  /** Waits for signals from now on, on behalf of the calling thread. */
  static Cancellation begin() {
    Cancellation cancellation = new Cancellation(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(cancellation.hook);
    return cancellation;
  }

  private void cancel(Thread checking) {
    cancelled = true;
    checking.interrupt();
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(FsckReport.EXIT_CANCELLED);
  }

  /** Whether a signal has come. */
  boolean cancelled() {
    return cancelled;
  }

  /** Nothing is left to cancel. */
  void end() {
    ended.countDown();
    if (!cancelled) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        cancelled = true; // the signal came just now; the process ends in a moment
      }
    }
  }
}
