package io.strata.fsck.bucket;

import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The only door from a check to the store. It has no way to put or delete, so whatever a check
 * does, the bucket stays as it is. Counts what passes. Safe for any number of threads.
 */
public final class Bucket {
  private final ObjectStore store;
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();

  public Bucket(ObjectStore store) {
    this.store = store;
  }

  /** Reads a part of an object, as {@link ObjectStore#get}. */
  public ByteBuffer read(ObjectKey key, ByteRange range) throws StoreException {
    requests.increment();
    ByteBuffer bytes = store.get(key, range);
    bytesRead.add(bytes.remaining());
    return bytes;
  }

  /** The payload of a whole object, its frame checked, as {@link Frame#open}. */
  public ByteBuffer payload(FrameKind kind, @Nullable VolumeId volume, ObjectKey key)
      throws StoreException {
    return Frame.open(read(key, ByteRange.ALL), kind, volume, key);
  }

  /** A page of a listing, as {@link ObjectStore#list}. */
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    requests.increment();
    return store.list(prefix, after, keysMax);
  }

  /** Where the bucket is, for people. */
  public String location() {
    return store.location();
  }

  /** Requests sent so far. */
  public long requests() {
    return requests.sum();
  }

  /** Bytes of objects read so far. */
  public long bytesRead() {
    return bytesRead.sum();
  }
}
