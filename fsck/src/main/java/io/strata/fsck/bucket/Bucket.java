package io.strata.fsck.bucket;

import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ListPage;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import io.strata.store.lineage.LineageStore;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The only door from a check to the store. It has no way to put or delete, so whatever a check
 * does, the bucket stays as it is. Counts what passes. Safe for any number of threads.
 *
 * <p>Of a clone it leads to what the clone shares, too, once it is known what that is.
 */
public final class Bucket {
  private final ObjectStore own;
  private final LongAdder requests;
  private final LongAdder bytesRead;
  private volatile ObjectStore store;
  private volatile Lineage lineage = Lineage.NONE;
  private volatile Lineage elsewhere = Lineage.NONE;

  public Bucket(ObjectStore store) {
    this(store, new LongAdder(), new LongAdder());
  }

  private Bucket(ObjectStore store, LongAdder requests, LongAdder bytesRead) {
    this.own = store;
    this.store = store;
    this.requests = requests;
    this.bytesRead = bytesRead;
  }

  /**
   * Finds what the volume shares from now on.
   *
   * @param lineage whose the objects are that are not the volume's own
   * @param elsewhere those of them that are at their owners' places
   */
  public void join(Lineage lineage, Lineage elsewhere) throws StoreException {
    store = LineageStore.of(own, elsewhere);
    this.lineage = lineage;
    this.elsewhere = elsewhere;
  }

  /** The bucket at an ancestor's place; what passes there is counted here. */
  public Bucket of(Ancestor ancestor) throws StoreException {
    return new Bucket(own.elsewhere(ancestor.place()), requests, bytesRead);
  }

  /** Which volume a segment or pack must say that it is of. */
  public VolumeId maker(Nonce nonce, VolumeId volume) {
    return lineage.volume(nonce, volume);
  }

  /** What is at other volumes' places. */
  public Lineage elsewhere() {
    return elsewhere;
  }

  /** Whether an object is at another volume's place, and so that one's to worry about. */
  public boolean isElsewhere(Nonce nonce) {
    return elsewhere.isForeign(nonce);
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
