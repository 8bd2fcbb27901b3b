package io.strata.store.fault;

import io.strata.platform.Clock;
import io.strata.store.Attempts;
import io.strata.store.InterceptingStore;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails according to a plan.
 *
 * <p>Safe for use by any thread. Requests are numbered in the order in which they arrive. After a
 * planned crash every request that arrives is lost; one that another thread has under way at that
 * moment may still take effect and be answered, as on a real network.
 */
public final class FaultStore extends InterceptingStore {
  private final FaultPlan plan;
  private final @Nullable Clock clock;
  private final Object lock = new Object();
  // Guarded by lock.
  private long requests;
  private int underWay;
  private boolean crashed;

  /** Fails as planned; the plan has no delays. */
  public FaultStore(ObjectStore store, FaultPlan plan) {
    this(store, plan, null);
  }

  /** Fails as planned; delays pass on {@code clock}. */
  public FaultStore(ObjectStore store, FaultPlan plan, @Nullable Clock clock) {
    super(store);
    this.plan = plan;
    this.clock = clock;
  }

  /** How many requests have arrived. */
  public long requests() {
    synchronized (lock) {
      return requests;
    }
  }

  /** Whether every request is lost by now. */
  public boolean crashed() {
    synchronized (lock) {
      return crashed;
    }
  }

  /**
   * Loses every request from now on. When this returns the store below has done all that it will ever
   * be asked for: it may be listed and counted. Not to be called by who sends a request.
   */
  public void crash() {
    boolean interrupted = false;
    synchronized (lock) {
      crashed = true;
      while (underWay > 0) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  protected <T> T intercept(Verb verb, String key, Attempts.Request<T> request)
      throws StoreException {
    Fault fault = decide(verb, key);
    if (fault.kind() != Fault.Kind.CRASH_AFTER) {
      return intercept(fault, verb, key, () -> send(request, verb, key));
    }
    try {
      return intercept(fault, verb, key, request);
    } finally {
      ended();
    }
  }

  private <T> T intercept(Fault fault, Verb verb, String key, Attempts.Request<T> request)
      throws StoreException {
    delay(fault, verb, key);
    return switch (fault.kind()) {
      case PASS -> request.send();
      case FAIL_BEFORE, CRASH_BEFORE -> throw lost("request", verb, key);
      case FAIL_AFTER, CRASH_AFTER -> {
        StoreException lost = lost("answer", verb, key);
        try {
          request.send();
        } catch (StoreException e) {
          // "Exists" and "missing" are answers as well, and get lost as well.
          lost.addSuppressed(e);
        }
        throw lost;
      }
    };
  }

  /** Sends a request, unless there was a crash since it was let through. */
  private <T> T send(Attempts.Request<T> request, Verb verb, String key) throws StoreException {
    synchronized (lock) {
      if (crashed) {
        throw lost("request", verb, key);
      }
      underWay++;
    }
    try {
      return request.send();
    } finally {
      ended();
    }
  }

  private void ended() {
    synchronized (lock) {
      underWay--;
      lock.notifyAll();
    }
  }

  private Fault decide(Verb verb, String key) {
    synchronized (lock) {
      requests++;
      if (crashed) {
        return Fault.FAIL_BEFORE;
      }
      Fault fault = plan.decide(new FaultPlan.Request(requests, verb, key));
      switch (fault.kind()) {
        case CRASH_BEFORE -> crashed = true;
        case CRASH_AFTER -> {
          crashed = true;
          // It takes effect all the same.
          underWay++;
        }
        case PASS, FAIL_BEFORE, FAIL_AFTER -> {}
      }
      return fault;
    }
  }

  private void delay(Fault fault, Verb verb, String key) throws StoreException {
    if (fault.delay().isZero()) {
      return;
    }
    if (clock == null) {
      throw new IllegalStateException("a plan with delays needs a clock");
    }
    try {
      clock.sleep(fault.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw lost("request", verb, key);
    }
  }

  private static StoreException lost(String what, Verb verb, String key) {
    return new StoreException.Unavailable(
        "injected: lost the %s of %s %s".formatted(what, verb, key), null);
  }
}
