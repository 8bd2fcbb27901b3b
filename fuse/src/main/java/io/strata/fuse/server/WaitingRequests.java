package io.strata.fuse.server;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for the store, each on a thread of its own that an interrupt can find.
 *
 * <p>The kernel may send an interrupt through another reader before the request that it is about is
 * registered here, so interrupts for unknown requests are remembered; only the latest few, because
 * most of them are for requests that were answered meanwhile. Safe for any thread.
 */
final class WaitingRequests {
  /** How many interrupts for unknown requests are remembered. */
  private static final int EARLY_MAX = 256;

  private final Executor executor;
  private final ConcurrentHashMap<Long, WaitingRequest> byUnique = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allDone = lock.newCondition();

  /** Guarded by {@code lock}. */
  private final LinkedHashSet<Long> early = new LinkedHashSet<>();

  WaitingRequests(Executor executor) {
    this.executor = executor;
  }

  /** One of them. */
  static final class WaitingRequest {
    private final RequestInProgress progress;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guarded by this: null before it runs and after. */
    private @Nullable Thread thread;

    private boolean interrupted;
    private volatile boolean reported;

    private WaitingRequest(RequestInProgress progress) {
      this.progress = progress;
    }

    private synchronized void begin() {
      thread = Thread.currentThread();
      if (interrupted) {
        thread.interrupt();
      }
    }

    private synchronized void end() {
      thread = null;
    }

    private synchronized void interrupt() {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    RequestInProgress progress() {
      return progress;
    }

    /** True once. */
    boolean report() {
      boolean first = !reported;
      reported = true;
      return first;
    }
  }

  /**
   * Runs {@code body} for a request on a thread that may wait.
   *
   * @throws java.util.concurrent.RejectedExecutionException if there are no more threads
   */
  void start(RequestInProgress progress, Consumer<RequestInProgress> body) {
    long unique = progress.header().unique();
    WaitingRequest waiting = new WaitingRequest(progress);
    byUnique.put(unique, waiting);
    boolean started = false;
    try {
      if (takeEarly(unique)) {
        waiting.interrupt();
      }
      executor.execute(() -> run(unique, waiting, body));
      started = true;
    } finally {
      if (!started) {
        remove(unique, waiting);
      }
    }
  }

  private void run(long unique, WaitingRequest waiting, Consumer<RequestInProgress> body) {
    waiting.begin();
    try {
      body.accept(waiting.progress());
    } finally {
      waiting.end();
      remove(unique, waiting);
    }
  }

  private void remove(long unique, WaitingRequest waiting) {
    byUnique.remove(unique, waiting);
    waiting.ended.countDown();
    if (byUnique.isEmpty()) {
      lock.lock();
      try {
        allDone.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Interrupts a request, now or when it comes. */
  void interrupt(long unique) {
    WaitingRequest known = byUnique.get(unique);
    if (known == null) {
      rememberEarly(unique);
      known = byUnique.get(unique);
      if (known == null || !takeEarly(unique)) {
        return;
      }
    }
    known.interrupt();
  }

  private void rememberEarly(long unique) {
    lock.lock();
    try {
      early.add(unique);
      if (early.size() > EARLY_MAX) {
        early.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean takeEarly(long unique) {
    lock.lock();
    try {
      return early.remove(unique);
    } finally {
      lock.unlock();
    }
  }

  Collection<WaitingRequest> all() {
    return byUnique.values();
  }

  /** Waits until those have ended that are waiting now and for which this is true. */
  void awaitEnd(Predicate<RequestInProgress> which) throws InterruptedException {
    for (WaitingRequest one : List.copyOf(byUnique.values())) {
      if (which.test(one.progress)) {
        one.ended.await();
      }
    }
  }

  /** Interrupts all. */
  void interruptAll() {
    byUnique.values().forEach(WaitingRequest::interrupt);
  }

  /** Waits until there are none, and tells whether that came true in time. */
  boolean awaitNone(Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (!byUnique.isEmpty() && nanos > 0) {
        // Looks again now and then, as the signal is not sent under the map's lock.
        long slice = Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(100));
        nanos -= slice - Math.max(0, allDone.awaitNanos(slice));
      }
      return byUnique.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
