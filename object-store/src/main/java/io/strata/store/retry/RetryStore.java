package io.strata.store.retry;

import io.strata.platform.Platform;
import io.strata.store.Attempts;
import io.strata.store.Backoff;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends requests again that ended {@link StoreException.Unavailable}, with pauses, until a
 * deadline. Every other answer is passed on at once.
 *
 * <p>Conditional puts are sent once only: sent again they would meet their own effect, and only
 * {@link io.strata.store.OncePut} knows how to tell. Everything else is idempotent.
 *
 * <p>Safe for use by any thread.
 */
public final class RetryStore implements ObjectStore {
  private final ObjectStore store;
  private final AtomicReference<Attempts> attempts;

  /** Retries on {@code store} until the deadline of {@code backoff}. */
  public RetryStore(ObjectStore store, Platform platform, Backoff backoff) {
    this(store, new AtomicReference<>(new Attempts(platform, backoff)));
  }

  private RetryStore(ObjectStore store, AtomicReference<Attempts> attempts) {
    this.store = store;
    this.attempts = attempts;
  }

  /** Never gives up from now on: for whoever has begun what must not end half done. */
  public void persist() {
    Attempts now = attempts.get();
    Backoff backoff = now.backoff();
    attempts.set(new Attempts(now.platform(), new Backoff(backoff.first(), backoff.most())));
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    switch (condition) {
      case ABSENT -> store.put(key, body, condition);
      case NONE ->
          attempts.get().untilCertain(
              "put " + key,
              () -> {
                store.put(key, body, condition);
                return key;
              });
    }
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return attempts.get().untilCertain("get " + key, () -> store.get(key, range));
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return attempts.get().untilCertain("head " + key, () -> store.head(key));
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    attempts.get().untilCertain(
        "delete of %d objects".formatted(keys.size()),
        () -> {
          store.delete(keys);
          return keys;
        });
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return attempts.get().untilCertain("list " + prefix, () -> store.list(prefix, after, keysMax));
  }

  @Override
  public ObjectStore elsewhere(Place place) throws StoreException {
    return new RetryStore(store.elsewhere(place), attempts);
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
