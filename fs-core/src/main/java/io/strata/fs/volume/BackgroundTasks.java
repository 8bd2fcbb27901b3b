package io.strata.fs.volume;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks that end with the volume: interrupted at close, and waited for. Safe for any thread. */
final class BackgroundTasks {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundTasks.class);

  private final Executor executor;
  private final Set<Thread> running = new HashSet<>();
  private int pending;
  private boolean closed;

  BackgroundTasks(Executor executor) {
    this.executor = executor;
  }

  /** Runs a task soon; not at all if the volume is closing. */
  void start(Runnable task) {
    synchronized (this) {
      if (closed) {
        return;
      }
      pending++;
    }
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      ended();
      throw e;
    }
  }

  private void run(Runnable task) {
    synchronized (this) {
      running.add(Thread.currentThread());
      if (closed) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a background task failed", e);
    } finally {
      synchronized (this) {
        running.remove(Thread.currentThread());
      }
      ended();
    }
  }

  private synchronized void ended() {
    pending--;
    notifyAll();
  }

  /** Interrupts what runs, and lets nothing more begin. */
  synchronized void cancel() {
    closed = true;
    running.forEach(Thread::interrupt);
  }

  /** Interrupts what runs and returns when it has ended. */
  synchronized void close() throws InterruptedException {
    cancel();
    while (pending > 0) {
      wait();
    }
  }
}
