package io.strata.fs.volume;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * A store whose puts stay in memory, in front of one that is only read: with it a volume can be
 * recovered for reading without a trace in the bucket.
 *
 * <p>Holds what recovery puts, that is, inlined bytes of a log's tail. Lists show what is below
 * only. Safe for any thread.
 */
final class ShadowStore extends ForwardingStore {
  private final MemStore memory = new MemStore();

  ShadowStore(ObjectStore below) {
    super(below);
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    if (condition == Condition.ABSENT && super.head(key).isPresent()) {
      throw new StoreException.Exists(key, location());
    }
    memory.put(key, body, condition);
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return memory.head(key).isPresent() ? memory.get(key, range) : super.get(key, range);
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    Optional<Long> shadow = memory.head(key);
    return shadow.isPresent() ? shadow : super.head(key);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    throw new StoreException.Refused(location() + " is open for reading only", null);
  }

  @Override
  public void close() {
    memory.close();
  }
}
