package io.strata.store.fault;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store whose puts and gets are held back until they are let go, so that every order of answers
 * can be played; counts them as they arrive. Guarded by its monitor.
 */
public final class GatedStore extends ForwardingStore {
  private final Set<Verb> held = EnumSet.noneOf(Verb.class);
  private final Set<ObjectKey> released = new HashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Verb, Integer> requests = new EnumMap<>(Verb.class);
  private @Nullable StoreException refusal;

  /** Everything passes at first. */
  public GatedStore(ObjectStore store) {
    super(store);
  }

  private record Waiting(Verb verb, ObjectKey key) {}

  /** Requests that arrive from now on wait for {@link #release} or {@link #open}. */
  public synchronized void hold(Verb verb) {
    held.add(verb);
  }

  /** Lets all through that wait and that come later. */
  public synchronized void open(Verb verb) {
    held.remove(verb);
    notifyAll();
  }

  /** Lets one request through, which waits or comes later. */
  public synchronized void release(ObjectKey key) {
    released.add(key);
    notifyAll();
  }

  /** From now on puts are refused, once they are let go; null ends it. */
  public synchronized void refusePuts(@Nullable StoreException why) {
    refusal = why;
  }

  /** Waits until this many requests are held, and returns their keys in the order of arrival. */
  public synchronized List<ObjectKey> awaitHeld(Verb verb, int count) throws InterruptedException {
    while (waiting(verb) < count) {
      wait();
    }
    return waiting.stream().filter(one -> one.verb == verb).map(Waiting::key).toList();
  }

  /** How many requests are held. */
  public synchronized int waiting(Verb verb) {
    return (int) waiting.stream().filter(one -> one.verb == verb).count();
  }

  /** How many requests have arrived. */
  public synchronized int requests(Verb verb) {
    return requests.getOrDefault(verb, 0);
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    pass(Verb.PUT, key);
    super.put(key, body, condition);
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    pass(Verb.GET, key);
    return super.get(key, range);
  }

  private synchronized void pass(Verb verb, ObjectKey key) throws StoreException {
    Waiting self = new Waiting(verb, key);
    requests.merge(verb, 1, Integer::sum);
    waiting.add(self);
    notifyAll();
    try {
      while (held.contains(verb) && !released.contains(key)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted", e);
    } finally {
      waiting.remove(self);
      released.remove(key);
    }
    if (verb == Verb.PUT && refusal != null) {
      throw refusal;
    }
  }
}
