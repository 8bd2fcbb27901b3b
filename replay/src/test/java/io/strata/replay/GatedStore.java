package io.strata.replay;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store whose puts a test holds back, lets go one by one, and refuses, so that every order of
 * answers can be played. Counts requests. Guarded by its monitor.
 */
final class GatedStore implements ObjectStore {
  private final ObjectStore store;
  private final List<ObjectKey> held = new ArrayList<>();
  private final Map<ObjectKey, Boolean> answers = new HashMap<>();
  private boolean holding;
  private @Nullable StoreException refusal;
  private int puts;
  private int gets;

  GatedStore(ObjectStore store) {
    this.store = store;
  }

  /** From now on puts wait for {@link #release}. */
  synchronized void hold() {
    holding = true;
  }

  /** Lets a put that waits, or comes later, through. */
  synchronized void release(ObjectKey key) {
    answers.put(key, true);
    notifyAll();
  }

  /** Lets all puts through, now and later. */
  synchronized void releaseAll() {
    holding = false;
    notifyAll();
  }

  /** From now on puts are refused; null ends it. */
  synchronized void refuse(@Nullable StoreException why) {
    refusal = why;
  }

  /** Waits until this many puts are held. */
  synchronized List<ObjectKey> awaitHeld(int count) throws InterruptedException {
    while (held.size() < count) {
      wait();
    }
    return List.copyOf(held);
  }

  synchronized int puts() {
    return puts;
  }

  synchronized int gets() {
    return gets;
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    pass(key);
    store.put(key, body, condition);
  }

  private synchronized void pass(ObjectKey key) throws StoreException {
    puts++;
    held.add(key);
    notifyAll();
    try {
      while (holding && !answers.containsKey(key)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted", e);
    } finally {
      held.remove(key);
      answers.remove(key);
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    synchronized (this) {
      gets++;
    }
    return store.get(key, range);
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return store.head(key);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    store.delete(keys);
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return store.list(prefix, after, keysMax);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() {
    store.close();
  }
}
