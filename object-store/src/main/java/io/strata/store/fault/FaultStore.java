package io.strata.store.fault;

import io.strata.platform.Clock;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails according to a plan.
 *
 * <p>Safe for use by any thread. Requests are numbered in the order in which they arrive. After a
 * crash every request that arrives is lost; one that another thread has under way at that moment
 * may still take effect and be answered, as on a real network.
 */
public final class FaultStore implements ObjectStore {
  private final ObjectStore store;
  private final FaultPlan plan;
  private final @Nullable Clock clock;
  private final Object lock = new Object();
  // Guarded by lock.
  private long requests;
  private boolean crashed;

  /** Fails as planned; the plan has no delays. */
  public FaultStore(ObjectStore store, FaultPlan plan) {
    this(store, plan, null);
  }

  /** Fails as planned; delays pass on {@code clock}. */
  public FaultStore(ObjectStore store, FaultPlan plan, @Nullable Clock clock) {
    this.store = store;
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

  /** Loses every request from now on. */
  public void crash() {
    synchronized (lock) {
      crashed = true;
    }
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    Fault fault = arrive(Verb.PUT, key.value());
    store.put(key, body, condition);
    depart(fault, Verb.PUT, key.value());
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    Fault fault = arrive(Verb.GET, key.value());
    ByteBuffer bytes = store.get(key, range);
    depart(fault, Verb.GET, key.value());
    return bytes;
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    Fault fault = arrive(Verb.HEAD, key.value());
    Optional<Long> length = store.head(key);
    depart(fault, Verb.HEAD, key.value());
    return length;
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    String first = keys.isEmpty() ? "" : keys.iterator().next().value();
    Fault fault = arrive(Verb.DELETE, first);
    store.delete(keys);
    depart(fault, Verb.DELETE, first);
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    Fault fault = arrive(Verb.LIST, prefix);
    ListPage page = store.list(prefix, after, keysMax);
    depart(fault, Verb.LIST, prefix);
    return page;
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() {
    store.close();
  }

  /** Decides about a request; returns only if it shall take effect. */
  private Fault arrive(Verb verb, String key) throws StoreException {
    Fault fault;
    synchronized (lock) {
      requests++;
      fault = crashed ? Fault.FAIL_BEFORE : plan.decide(new FaultPlan.Request(requests, verb, key));
      switch (fault.kind()) {
        case CRASH_BEFORE, CRASH_AFTER -> crashed = true;
        case PASS, FAIL_BEFORE, FAIL_AFTER -> {}
      }
    }
    delay(fault, verb, key);
    return switch (fault.kind()) {
      case FAIL_BEFORE, CRASH_BEFORE -> throw lost("request", verb, key);
      case PASS, FAIL_AFTER, CRASH_AFTER -> fault;
    };
  }

  /** Lets the answer of a request that took effect pass, or loses it. */
  private static void depart(Fault fault, Verb verb, String key) throws StoreException {
    switch (fault.kind()) {
      case FAIL_AFTER, CRASH_AFTER -> throw lost("answer", verb, key);
      case PASS, FAIL_BEFORE, CRASH_BEFORE -> {}
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
