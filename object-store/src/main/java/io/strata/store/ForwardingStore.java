package io.strata.store;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * Hands every request on to another store: what a decorator is made from that cares about some of
 * them. As safe for threads as the store below; closing it closes that.
 */
public abstract class ForwardingStore implements ObjectStore {
  private final ObjectStore below;

  /** Forwards to {@code below}. */
  protected ForwardingStore(ObjectStore below) {
    this.below = below;
  }

  /** The store that answers. */
  protected final ObjectStore below() {
    return below;
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    below.put(key, body, condition);
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return below.get(key, range);
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return below.head(key);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    below.delete(keys);
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return below.list(prefix, after, keysMax);
  }

  @Override
  public ObjectStore elsewhere(Place place) throws StoreException {
    return below.elsewhere(place);
  }

  @Override
  public String location() {
    return below.location();
  }

  @Override
  public void close() {
    below.close();
  }
}
