package io.strata.tests.outage;

import io.strata.store.Attempts;
import io.strata.store.InterceptingStore;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A store that goes away at a chosen request and comes back when the test says so. What it was
 * asked last it may have done all the same. Safe for any thread.
 */
final class Absence implements FaultPlan {
  /** How those who ask a store that is away find out. */
  enum Kind {
    /** At once. */
    REFUSES,
    /** After the time in which a client gives a silent connection up. */
    HANGS
  }

  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final int LEAVES_MAX_SECONDS = 180;

  private final Kind kind;
  private CountDownLatch left = new CountDownLatch(1);
  private @Nullable Trigger trigger;
  private boolean lastIsDone;
  private boolean away;
  private int count;

  /** Those whom the store has answered, or is about to, and who have not been told yet. */
  private final Set<Thread> unheard = new HashSet<>();

  Absence(Kind kind) {
    this.kind = kind;
  }

  /**
   * A kind of request.
   *
   * @param number which of them, counted from 1
   */
  record Trigger(Verb verb, String prefix, int number) {
    boolean fits(Request request) {
      return request.verb() == verb && request.key().startsWith(prefix);
    }

    @Override
    public String toString() {
      return "%s %s* (%d)".formatted(verb, prefix, number);
    }
  }

  /** Has the store leave when it is asked for this, having done it or not. */
  synchronized void leaveAt(Trigger at, boolean doneAllTheSame) {
    trigger = at;
    lastIsDone = doneAllTheSame;
    count = 0;
    left = new CountDownLatch(1);
  }

  /** Has the store leave now. */
  synchronized void leave() {
    away = true;
  }

  /**
   * The same store, seen by who is told of each answer before {@link #awaitLeft} returns: else hours
   * may pass until somebody hears what the store said before it left.
   */
  ObjectStore heard(ObjectStore store) {
    return new InterceptingStore(store) {
      @Override
      protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
          throws StoreException {
        try {
          return request.send();
        } finally {
          hasHeard();
        }
      }
    };
  }

  private synchronized void hasHeard() {
    unheard.remove(Thread.currentThread());
    notifyAll();
  }

  /** Waits, in real time, until it has left; three minutes are more than any of that takes. */
  void awaitLeft() throws InterruptedException {
    CountDownLatch gone;
    synchronized (this) {
      gone = left;
    }
    if (!gone.await(LEAVES_MAX_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody asked for what was to be asked last");
    }
    synchronized (this) {
      while (!unheard.isEmpty()) {
        wait();
      }
    }
  }

  synchronized void comeBack() {
    away = false;
  }

  @Override
  public synchronized Fault decide(Request request) {
    if (away) {
      return fault();
    }
    Trigger at = trigger;
    if (at == null || !at.fits(request) || ++count < at.number()) {
      unheard.add(Thread.currentThread());
      return Fault.PASS;
    }
    trigger = null;
    away = true;
    left.countDown();
    if (!lastIsDone) {
      return fault();
    }
    unheard.add(Thread.currentThread());
    return Fault.FAIL_AFTER;
  }

  private Fault fault() {
    return switch (kind) {
      case REFUSES -> Fault.FAIL_BEFORE;
      case HANGS -> Fault.FAIL_BEFORE.delayed(SILENCE);
    };
  }
}
