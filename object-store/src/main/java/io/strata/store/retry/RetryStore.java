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
import io.strata.store.Receiver;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

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
  private final Patience patience;

  /** How often is asked again; stores of one bucket have it in common. */
  private static final class Patience {
    private volatile Attempts attempts;
    private volatile boolean closed;

    Patience(Attempts attempts) {
      this.attempts = attempts;
    }
  }

  /** Retries on {@code store} until the deadline of {@code backoff}. */
  public RetryStore(ObjectStore store, Platform platform, Backoff backoff) {
    this(store, new Patience(new Attempts(platform, backoff)));
  }

  private RetryStore(ObjectStore store, Patience patience) {
    this.store = store;
    this.patience = patience;
  }

  /** Never gives up from now on: for whoever has begun what must not end half done. */
  public void persist() {
    Attempts now = patience.attempts;
    Backoff backoff = now.backoff();
    patience.attempts =
        new Attempts(now.platform(), new Backoff(backoff.first(), backoff.most()));
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    switch (condition) {
      case ABSENT -> store.put(key, body, condition);
      case NONE ->
          untilCertain(
              "put " + key,
              () -> {
                store.put(key, body, condition);
                return key;
              });
    }
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return untilCertain("get " + key, () -> store.get(key, range));
  }

  @Override
  public void get(ObjectKey key, ByteRange range, Receiver receiver) throws StoreException {
    untilCertain(
        "get " + key,
        () -> {
          store.get(key, range, receiver);
          return key;
        });
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return untilCertain("head " + key, () -> store.head(key));
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    untilCertain(
        "delete of %d objects".formatted(keys.size()),
        () -> {
          store.delete(keys);
          return keys;
        });
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return untilCertain("list " + prefix, () -> store.list(prefix, after, keysMax));
  }

  @Override
  public ObjectStore elsewhere(Place place) throws StoreException {
    return new RetryStore(store.elsewhere(place), patience);
  }

  private <T> T untilCertain(String what, Attempts.Request<T> request) throws StoreException {
    return patience.attempts.untilCertain(
        what,
        () -> {
          try {
            return request.send();
          } catch (StoreException.Unavailable e) {
            if (patience.closed) {
              throw new StoreException.Refused(what + ": the store is closed", e);
            }
            throw e;
          }
        });
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() {
    // Who asks still would ask for ever what cannot answer.
    patience.closed = true;
    store.close();
  }
}
