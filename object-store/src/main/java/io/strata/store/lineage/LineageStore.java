package io.strata.store.lineage;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Receiver;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A clone's store, in which the objects that it shares are found as if they were its own. They are
 * read and nothing else: what is somebody else's is neither put nor deleted here, and not listed.
 *
 * <p>As safe for threads as the store below. Finding out whose an object is takes no request.
 */
public final class LineageStore extends ForwardingStore {
  private final Lineage lineage;
  private final Map<Ancestor, ObjectStore> ancestors = new HashMap<>();

  private LineageStore(ObjectStore own, Lineage lineage) throws StoreException {
    super(own);
    this.lineage = lineage;
    for (Ancestor ancestor : lineage.ancestors()) {
      ancestors.put(ancestor, own.elsewhere(ancestor.place()));
    }
  }

  /**
   * A volume's objects, wherever they are.
   *
   * @param own the volume's own place
   */
  public static ObjectStore of(ObjectStore own, Lineage lineage) throws StoreException {
    return lineage.isNone() ? own : new LineageStore(own, lineage);
  }

  private ObjectStore place(ObjectKey key) {
    return lineage.of(key).map(ancestors::get).orElse(below());
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    requireOwn("put", key);
    super.put(key, body, condition);
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return place(key).get(key, range);
  }

  @Override
  public void get(ObjectKey key, ByteRange range, Receiver receiver) throws StoreException {
    place(key).get(key, range, receiver);
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    return place(key).head(key);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    for (ObjectKey key : keys) {
      requireOwn("delete", key);
    }
    super.delete(keys);
  }

  private void requireOwn(String verb, ObjectKey key) throws StoreException {
    if (lineage.isForeign(key)) {
      throw new StoreException.Refused(
          "%s %s: it belongs to %s, which %s was cloned from"
              .formatted(verb, key, place(key).location(), location()),
          null);
    }
  }
}
