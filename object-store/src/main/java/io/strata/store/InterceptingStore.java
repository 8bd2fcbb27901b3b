package io.strata.store;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * Treats every request to another store in the same way, whatever it is: what a decorator is made
 * from that watches or fails them. As safe for threads as the store below.
 */
public abstract class InterceptingStore extends ForwardingStore {
  /** Sends requests on to {@code below}, or not. */
  protected InterceptingStore(ObjectStore below) {
    super(below);
  }

  /**
   * Takes a request in place of the store.
   *
   * @param verb what is asked
   * @param name the key that it is about, of a delete the first one, of a list the prefix
   * @param request sends it to the store, once for each time that it is run
   * @return what is answered
   */
  protected abstract <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
      throws StoreException;

  @Override
  public final void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    intercept(
        Verb.PUT,
        key.value(),
        () -> {
          super.put(key, body, condition);
          return key;
        });
  }

  @Override
  public final ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return intercept(Verb.GET, key.value(), () -> super.get(key, range));
  }

  @Override
  public final void get(ObjectKey key, ByteRange range, Receiver receiver)
      throws StoreException {
    intercept(
        Verb.GET,
        key.value(),
        () -> {
          below().get(key, range, receiver);
          return key;
        });
  }

  @Override
  public final Optional<Long> head(ObjectKey key) throws StoreException {
    return intercept(Verb.HEAD, key.value(), () -> super.head(key));
  }

  @Override
  public final void delete(Collection<ObjectKey> keys) throws StoreException {
    intercept(
        Verb.DELETE,
        keys.isEmpty() ? "" : keys.iterator().next().value(),
        () -> {
          super.delete(keys);
          return keys;
        });
  }

  @Override
  public final ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return intercept(Verb.LIST, prefix, () -> super.list(prefix, after, keysMax));
  }

  @Override
  public final ObjectStore elsewhere(Place place) throws StoreException {
    InterceptingStore here = this;
    return new InterceptingStore(super.elsewhere(place)) {
      @Override
      protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
          throws StoreException {
        return here.intercept(verb, name, request);
      }
    };
  }
}
