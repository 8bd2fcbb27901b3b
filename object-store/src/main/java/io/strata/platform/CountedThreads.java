package io.strata.platform;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Runs each task on a virtual thread of its own and knows which of them have not ended: for tests
 * that count what was asked of a store, or turn a clock, and must not do so while something is still
 * about to happen. Safe for any thread.
 */
public final class CountedThreads implements Executor {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @Override
  public void execute(Runnable task) {
    Thread thread = Thread.ofVirtual().unstarted(() -> run(task));
    threads.add(thread);
    thread.start();
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    threads.remove(Thread.currentThread());
    notifyAll();
  }

  /** Waits, in real time, until all tasks have ended, those that they have begun among them. */
  public synchronized void awaitEnd() throws InterruptedException {
    while (!threads.isEmpty()) {
      wait();
    }
  }

  /**
   * Whether every task that has not ended waits for something just now: for time to pass, for a store,
   * for somebody who is no task. A look at one after the other, which may be wrong once in a while.
   */
  public boolean isAtRest() {
    return threads.stream().allMatch(CountedThreads::waits);
  }

  private static boolean waits(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, TERMINATED -> true;
      case NEW, RUNNABLE, BLOCKED -> false;
    };
  }
}
