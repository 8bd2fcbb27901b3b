package io.strata.cli.doctor;

import io.strata.store.Body;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The objects of one examination, under a prefix that nothing else has. Remembers what it may have
 * put, so that all of that, and nothing else, is deleted. Safe for any thread.
 */
final class ProbeObjects {
  private final ObjectStore store;
  private final String prefix;
  private final Set<ObjectKey> put = new ConcurrentSkipListSet<>();

  /** Objects of which none is put yet; {@code token} makes the prefix unique. */
  ProbeObjects(ObjectStore store, long token) {
    this.store = store;
    this.prefix = "doctor/%016x/".formatted(token);
  }

  ObjectStore store() {
    return store;
  }

  String prefix() {
    return prefix;
  }

  ObjectKey key(String name) {
    return new ObjectKey(prefix + name);
  }

  /** Puts an object that must not be there yet. */
  ObjectKey putNew(String name, byte[] bytes) throws StoreException {
    ObjectKey key = key(name);
    put.add(key);
    store.put(key, Body.of(bytes), Condition.ABSENT);
    return key;
  }

  /** Deletes objects of this examination in one request, where the store can. */
  void delete(List<ObjectKey> keys) throws StoreException {
    if (!put.containsAll(keys)) {
      throw new IllegalArgumentException("not all of " + keys + " were put here");
    }
    store.delete(keys);
    keys.forEach(put::remove);
  }

  /** Deletes all that is left, and tells how many objects that were. */
  int deleteAll() throws StoreException {
    int deleted = 0;
    while (!put.isEmpty()) {
      List<ObjectKey> some = put.stream().limit(ListPage.KEYS_MAX).toList();
      delete(new ArrayList<>(some));
      deleted += some.size();
    }
    return deleted;
  }
}
