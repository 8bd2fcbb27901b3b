package io.strata.store.watch;

import io.strata.platform.Platform;
import io.strata.store.Attempts;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * Tells {@link OutageWatch} what becomes of each request. Belongs under the retries, so that every
 * attempt is seen. Safe for use by any thread.
 */
public final class WatchedStore extends ForwardingStore {
  private final OutageWatch watch;

  /** Watches {@code store} on the platform's clock. */
  public WatchedStore(ObjectStore store, Platform platform) {
    super(store);
    this.watch = new OutageWatch(platform);
  }

  /** Whether the store answers. */
  public StoreHealth health() {
    return watch.health();
  }

  /** Has {@code listener} told of outages instead of whoever was told before. */
  public void tell(OutageListener listener) {
    watch.tell(listener);
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    watched(
        Verb.PUT,
        key.value(),
        () -> {
          super.put(key, body, condition);
          return key;
        });
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return watched(Verb.GET, key.value(), () -> super.get(key, range));
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return watched(Verb.HEAD, key.value(), () -> super.head(key));
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    watched(
        Verb.DELETE,
        "",
        () -> {
          super.delete(keys);
          return keys;
        });
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return watched(Verb.LIST, prefix, () -> super.list(prefix, after, keysMax));
  }

  private <T> T watched(Verb verb, String name, Attempts.Request<T> request)
      throws StoreException {
    OutageWatch.Sent sent = watch.sent(verb, name);
    try {
      T answer = request.send();
      watch.answered(sent);
      return answer;
    } catch (StoreException.Unavailable e) {
      watch.failed(sent, e);
      throw e;
    } catch (StoreException e) {
      // "Missing" and "refused" are answers as well.
      watch.answered(sent);
      throw e;
    } finally {
      watch.ended(sent);
    }
  }
}
