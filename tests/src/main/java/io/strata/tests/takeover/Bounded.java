package io.strata.tests.takeover;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on a mount that may hang for ever. */
final class Bounded {
  private Bounded() {}

  /** Starts a thread that does not keep the program from ending. */
  static Thread start(String name, Runnable work) {
    // Of the platform: a file operation that hangs would hold the carrier of a virtual one.
    return Thread.ofPlatform().daemon().name(name).start(work);
  }

  /**
   * Does something on a thread of its own.
   *
   * @throws IOException if it fails, or takes too long; then the thread is left behind
   */
  static <T> T call(String name, Duration max, Callable<T> work)
      throws IOException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    start(name, task);
    try {
      return task.get(max.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("%s: not done in %d s".formatted(name, max.toSeconds()), e);
    } catch (ExecutionException e) {
      throw new IOException(name + ": " + e.getCause(), e.getCause());
    }
  }
}
