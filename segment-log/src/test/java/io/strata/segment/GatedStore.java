package io.strata.segment;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store whose puts or gets can be held back, or all refused, and that counts them. Safe for use
 * by any thread.
 */
final class GatedStore implements ObjectStore {
  private final ObjectStore store;
  private final AtomicInteger puts = new AtomicInteger();
  private final AtomicInteger gets = new AtomicInteger();
  private final AtomicInteger putsWaiting = new AtomicInteger();
  private volatile CountDownLatch putGate = new CountDownLatch(0);
  private volatile CountDownLatch getGate = new CountDownLatch(0);
  private volatile @Nullable String refusal;

  GatedStore(ObjectStore store) {
    this.store = store;
  }

  /** Puts that arrive from now on wait for {@link #openPuts}. */
  void holdPuts() {
    putGate = new CountDownLatch(1);
  }

  void openPuts() {
    putGate.countDown();
  }

  /** Gets that arrive from now on wait for {@link #openGets}. */
  void holdGets() {
    getGate = new CountDownLatch(1);
  }

  void openGets() {
    getGate.countDown();
  }

  /** Puts that arrive from now on are refused, until this is null. */
  void refusePuts(@Nullable String why) {
    refusal = why;
  }

  int puts() {
    return puts.get();
  }

  int gets() {
    return gets.get();
  }

  int putsWaiting() {
    return putsWaiting.get();
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    puts.incrementAndGet();
    putsWaiting.incrementAndGet();
    pass(putGate);
    putsWaiting.decrementAndGet();
    String why = refusal;
    if (why != null) {
      throw new StoreException.Refused(why, null);
    }
    store.put(key, body, condition);
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    gets.incrementAndGet();
    pass(getGate);
    return store.get(key, range);
  }

  private static void pass(CountDownLatch gate) throws StoreException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted", e);
    }
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
