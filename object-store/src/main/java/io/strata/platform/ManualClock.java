package io.strata.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A clock that a test turns by hand.
 *
 * <p>Time stands still until {@link #advance}, which runs what falls due, in order, in its caller's
 * thread, each task at its own time. Safe for use by any thread; deterministic when one thread
 * turns it.
 */
public final class ManualClock implements Clock {
  private final boolean sleepersAdvance;
  private final Object lock = new Object();
  // Guarded by lock.
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private Instant now;
  private long nanoTime;
  private long scheduled;
  private int sleepers;

  private ManualClock(Instant start, boolean sleepersAdvance) {
    this.now = start;
    this.sleepersAdvance = sleepersAdvance;
  }

  /** A clock on which {@link #sleep} waits for another thread's {@link #advance}. */
  public static ManualClock startingAt(Instant start) {
    return new ManualClock(start, false);
  }

  /**
   * A clock on which {@link #sleep} itself advances the time, so that whoever sleeps never waits:
   * for tests of one thread.
   */
  public static ManualClock skippingSleep(Instant start) {
    return new ManualClock(start, true);
  }

  @Override
  public Instant now() {
    synchronized (lock) {
      return now;
    }
  }

  @Override
  public long nanoTime() {
    synchronized (lock) {
      return nanoTime;
    }
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (sleepersAdvance) {
      advance(time);
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Timer timer = schedule(time, over::countDown);
    count(1);
    try {
      over.await();
    } finally {
      timer.cancel();
      count(-1);
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    synchronized (lock) {
      long due = nanoTime + Math.max(0, delay.toNanos());
      Task entry = new Task(due, scheduled++, task);
      tasks.add(entry);
      return () -> remove(entry);
    }
  }

  /** Lets {@code time} pass, running the tasks that fall due in it, also those made by others. */
  public void advance(Duration time) {
    long end;
    synchronized (lock) {
      end = nanoTime + time.toNanos();
    }
    for (Task task = nextUntil(end); task != null; task = nextUntil(end)) {
      task.work.run();
    }
  }

  /** How many tasks and sleepers wait for their time. */
  public int waiting() {
    synchronized (lock) {
      return tasks.size();
    }
  }

  /** Blocks, in real time, until at least {@code threads} are asleep on this clock. */
  public void awaitSleepers(int threads) throws InterruptedException {
    synchronized (lock) {
      while (sleepers < threads) {
        lock.wait();
      }
    }
  }

  /** How long until the next task falls due, or null if none waits. */
  public @Nullable Duration untilNext() {
    synchronized (lock) {
      Task next = tasks.peek();
      return next == null ? null : Duration.ofNanos(next.due - nanoTime);
    }
  }

  private @Nullable Task nextUntil(long end) {
    synchronized (lock) {
      Task next = tasks.peek();
      if (next == null || next.due > end) {
        turnTo(end);
        return null;
      }
      tasks.remove();
      turnTo(next.due);
      return next;
    }
  }

  // Another thread, or a task, may have turned the clock further already.
  private void turnTo(long nanos) {
    if (nanos > nanoTime) {
      now = now.plusNanos(nanos - nanoTime);
      nanoTime = nanos;
    }
  }

  private void remove(Task task) {
    synchronized (lock) {
      tasks.remove(task);
    }
  }

  private void count(int more) {
    synchronized (lock) {
      sleepers += more;
      lock.notifyAll();
    }
  }

  private record Task(long due, long order, Runnable work) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
