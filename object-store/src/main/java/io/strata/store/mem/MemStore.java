package io.strata.store.mem;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A store in memory, for tests.
 *
 * <p>Lives as long as somebody refers to it; {@link #close} does nothing, so that a "restarted"
 * program finds its objects again. Safe for use by any thread.
 */
public final class MemStore implements ObjectStore {
  private static final ConcurrentMap<String, MemStore> NAMED = new ConcurrentHashMap<>();

  private final String name;
  private final ConcurrentMap<String, MemStore> bucket;
  private final ConcurrentSkipListMap<String, byte[]> objects;

  /** An empty store in a bucket of its own. */
  public MemStore() {
    this("unnamed", new ConcurrentHashMap<>(), new ConcurrentSkipListMap<>());
    bucket.put(name, this);
  }

  private MemStore(
      String name,
      ConcurrentMap<String, MemStore> bucket,
      ConcurrentSkipListMap<String, byte[]> objects) {
    this.name = name;
    this.bucket = bucket;
    this.objects = objects;
  }

  /** The store of that name in this process, made when first asked for. */
  public static MemStore named(String name) {
    return in(NAMED, name);
  }

  private static MemStore in(ConcurrentMap<String, MemStore> bucket, String name) {
    return bucket.computeIfAbsent(
        name, path -> new MemStore(path, bucket, new ConcurrentSkipListMap<>()));
  }

  /**
   * A store with what this one holds now, in a new bucket with copies of all that are in this one's.
   * With no put or delete under way it is an exact snapshot.
   */
  public MemStore copy() {
    ConcurrentMap<String, MemStore> copies = new ConcurrentHashMap<>();
    bucket.forEach(
        (path, store) ->
            copies.put(
                path, new MemStore(path, copies, new ConcurrentSkipListMap<>(store.objects))));
    return in(copies, name);
  }

  @Override
  public MemStore elsewhere(Place place) {
    return in(bucket, place.from(name));
  }

  /** Puts bytes whatever is there: for tests that damage objects. */
  public void put(ObjectKey key, byte[] bytes) {
    objects.put(key.value(), bytes.clone());
  }

  /** All keys, in order. */
  public List<ObjectKey> keys() {
    return objects.keySet().stream().map(ObjectKey::new).toList();
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    byte[] bytes = body.toBytes();
    switch (condition) {
      case NONE -> objects.put(key.value(), bytes);
      case ABSENT -> {
        if (objects.putIfAbsent(key.value(), bytes) != null) {
          throw new StoreException.Exists(key, location());
        }
      }
    }
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    byte[] bytes = objects.get(key.value());
    if (bytes == null) {
      throw new StoreException.Missing(key, location());
    }
    int from = Math.toIntExact(range.start(bytes.length));
    int to = Math.toIntExact(range.end(bytes.length));
    return ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to));
  }

  @Override
  public Optional<Long> head(ObjectKey key) {
    byte[] bytes = objects.get(key.value());
    return bytes == null ? Optional.empty() : Optional.of((long) bytes.length);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    for (ObjectKey key : keys) {
      objects.remove(key.value());
    }
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) {
    ListPage.checkKeysMax(keysMax);
    // Keys with the prefix are neighbours, and none of them comes before the prefix itself.
    boolean afterIsLater = after.compareTo(prefix) >= 0;
    Map<String, byte[]> rest =
        afterIsLater ? objects.tailMap(after, false) : objects.tailMap(prefix, true);
    List<ListPage.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, byte[]> object : rest.entrySet()) {
      if (!object.getKey().startsWith(prefix)) {
        break;
      }
      if (entries.size() == keysMax) {
        return new ListPage(entries, true);
      }
      ObjectKey key = new ObjectKey(object.getKey());
      entries.add(new ListPage.Entry(key, object.getValue().length));
    }
    return new ListPage(entries, false);
  }

  @Override
  public String location() {
    return "mem:" + name;
  }

  @Override
  public void close() {}
}
