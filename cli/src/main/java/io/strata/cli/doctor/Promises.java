package io.strata.cli.doctor;

import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tries what {@link ObjectStore} promises, each method one promise; all but the race, which is a
 * thing of its own. A method returns what it saw or throws what was broken.
 */
final class Promises {
  private static final int SMALL_BYTES = 4096;
  private static final int OBJECTS = 40;
  private static final int PAGE_KEYS = 7;

  private final ProbeObjects objects;
  private final Platform platform;

  Promises(ProbeObjects objects, Platform platform) {
    this.objects = objects;
    this.platform = platform;
  }

  private ObjectStore store() {
    return objects.store();
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    platform.random().nextBytes(bytes);
    return bytes;
  }

  /** A put and a get are answered at all. */
  String answers() throws StoreException, BrokenPromise {
    byte[] bytes = bytes(SMALL_BYTES);
    requireSame(objects.putNew("first", bytes), bytes);
    return "a first object was stored and read back";
  }

  /** If-None-Match: a free name is taken, a taken one refused and left alone. */
  String conditionalPut() throws StoreException, BrokenPromise {
    byte[] first = bytes(SMALL_BYTES);
    ObjectKey key = objects.putNew("conditional", first);
    try {
      objects.putNew("conditional", bytes(SMALL_BYTES));
    } catch (StoreException.Exists expected) {
      requireSame(key, first);
      return "a new name is taken, an existing one refused";
    }
    throw new BrokenPromise(
        "an existing object was replaced although the put said If-None-Match: two owners of a"
            + " volume would not notice each other");
  }

  /** What was put is read at once, also where its absence was just seen. */
  String readAfterWrite() throws StoreException, BrokenPromise {
    for (int i = 0; i < OBJECTS; i++) {
      String name = "read-" + i;
      if (store().head(objects.key(name)).isPresent()) {
        throw new BrokenPromise("an object was there before it was put: " + name);
      }
      byte[] bytes = bytes(SMALL_BYTES);
      ObjectKey key = objects.putNew(name, bytes);
      requireSame(key, bytes);
      Optional<Long> length = store().head(key);
      if (!length.equals(Optional.of((long) SMALL_BYTES))) {
        throw new BrokenPromise("head tells " + length + " of an object of " + SMALL_BYTES);
      }
    }
    return OBJECTS + " objects were read right after they were put";
  }

  /** Listings show what was just put, in order, in pages, and not what was just deleted. */
  String listAfterWrite() throws StoreException, BrokenPromise {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      keys.add(objects.putNew("list/%04d".formatted(i), bytes(16)));
      if (!listed("list/").equals(keys)) {
        throw new BrokenPromise("a listing lacks an object that was put before, or has others");
      }
    }
    List<ObjectKey> gone = List.copyOf(keys.subList(0, OBJECTS / 2));
    objects.delete(gone);
    keys.removeAll(gone);
    if (!listed("list/").equals(keys)) {
      throw new BrokenPromise("a listing shows objects that were deleted before, or lacks others");
    }
    return "every listing, in pages of " + PAGE_KEYS + ", was right after each change";
  }

  private List<ObjectKey> listed(String name) throws StoreException, BrokenPromise {
    List<ObjectKey> found = new ArrayList<>();
    String after = "";
    while (true) {
      ListPage page = store().list(objects.prefix() + name, after, PAGE_KEYS);
      page.entries().forEach(entry -> found.add(entry.key()));
      if (!page.more()) {
        return found;
      }
      if (page.entries().isEmpty() || found.size() > 2 * OBJECTS) {
        throw new BrokenPromise("a listing does not end");
      }
      after = page.entries().getLast().key().value();
    }
  }

  /** Parts of objects: from the middle, from the end, past the end. */
  String rangedGet() throws StoreException, BrokenPromise {
    byte[] bytes = bytes(SMALL_BYTES);
    ObjectKey key = objects.putNew("ranges", bytes);
    List<ByteRange> ranges =
        List.of(
            new ByteRange.Slice(0, 1),
            new ByteRange.Slice(1000, 2000),
            new ByteRange.Slice(SMALL_BYTES - 1, 1),
            new ByteRange.Slice(SMALL_BYTES - 10, 100),
            new ByteRange.Suffix(33));
    for (ByteRange range : ranges) {
      byte[] wanted =
          Arrays.copyOfRange(bytes, (int) range.start(SMALL_BYTES), (int) range.end(SMALL_BYTES));
      if (!ByteBuffer.wrap(wanted).equals(store().get(key, range))) {
        throw new BrokenPromise("a get of " + range + " yields other bytes");
      }
    }
    return "parts of an object are what they should be";
  }

  /** Many are deleted at once; that one is absent is no error. */
  String batchDelete() throws StoreException, BrokenPromise {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      keys.add(objects.putNew("delete-" + i, bytes(16)));
    }
    store().delete(List.of(keys.getFirst()));
    objects.delete(keys);
    for (ObjectKey key : keys) {
      if (store().head(key).isPresent()) {
        throw new BrokenPromise("a deleted object is still there");
      }
    }
    return OBJECTS + " objects were deleted in one call, one of them absent";
  }

  private void requireSame(ObjectKey key, byte[] bytes) throws StoreException, BrokenPromise {
    try {
      if (!ByteBuffer.wrap(bytes).equals(store().get(key, ByteRange.ALL))) {
        throw new BrokenPromise("an object read right after it was put has other bytes");
      }
    } catch (StoreException.Missing e) {
      throw new BrokenPromise("an object is not found right after it was put");
    }
  }
}
