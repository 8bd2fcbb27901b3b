package io.strata.store.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.strata.platform.Clock;
import io.strata.store.Attempts;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.Receiver;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Counts requests, failures, bytes and time by verb.
 *
 * <p>Put it next to the store, under the retries, so that it counts what the store was really
 * asked. Safe for use by any thread.
 */
public final class MeteredStore implements ObjectStore {
  private final ObjectStore store;
  private final Clock clock;
  private final VerbMeter puts;
  private final VerbMeter gets;
  private final VerbMeter heads;
  private final VerbMeter deletes;
  private final VerbMeter lists;

  /** Meters {@code store}; latencies are measured on {@code clock}. */
  public MeteredStore(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MeterClock(clock));
    puts = new VerbMeter(Verb.PUT, registry);
    gets = new VerbMeter(Verb.GET, registry);
    heads = new VerbMeter(Verb.HEAD, registry);
    deletes = new VerbMeter(Verb.DELETE, registry);
    lists = new VerbMeter(Verb.LIST, registry);
  }

  private MeteredStore(ObjectStore store, MeteredStore counts) {
    this.store = store;
    this.clock = counts.clock;
    this.puts = counts.puts;
    this.gets = counts.gets;
    this.heads = counts.heads;
    this.deletes = counts.deletes;
    this.lists = counts.lists;
  }

  /** What was counted until now. Calls under way do not count yet. */
  public StoreStats snapshot() {
    return new StoreStats(
        puts.snapshot(), gets.snapshot(), heads.snapshot(), deletes.snapshot(), lists.snapshot());
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    metered(
        puts,
        () -> {
          store.put(key, body, condition);
          return key;
        },
        stored -> body.length());
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return metered(gets, () -> store.get(key, range), ByteBuffer::remaining);
  }

  @Override
  public void get(ObjectKey key, ByteRange range, Receiver receiver) throws StoreException {
    MeteredGet get = new MeteredGet(gets, clock, receiver);
    try {
      store.get(key, range, get);
    } catch (StoreException e) {
      get.failed(e);
      throw e;
    }
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return metered(heads, () -> store.head(key), length -> 0);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    metered(
        deletes,
        () -> {
          store.delete(keys);
          return keys;
        },
        deleted -> 0);
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return metered(lists, () -> store.list(prefix, after, keysMax), page -> 0);
  }

  @Override
  public ObjectStore elsewhere(Place place) throws StoreException {
    return new MeteredStore(store.elsewhere(place), this);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() {
    store.close();
  }

  private <T> T metered(VerbMeter meter, Attempts.Request<T> request, ToLongFunction<T> bytes)
      throws StoreException {
    long startNanos = clock.nanoTime();
    try {
      T answer = request.send();
      meter.succeeded(clock.nanoTime() - startNanos, bytes.applyAsLong(answer));
      return answer;
    } catch (StoreException e) {
      meter.failed(clock.nanoTime() - startNanos, e);
      throw e;
    }
  }

  /** Lets the registry's windows move with our clock. */
  private record MeterClock(Clock clock) implements io.micrometer.core.instrument.Clock {
    @Override
    public long wallTime() {
      return clock.now().toEpochMilli();
    }

    @Override
    public long monotonicTime() {
      return clock.nanoTime();
    }
  }
}
