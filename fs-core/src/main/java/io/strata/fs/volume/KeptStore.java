package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.store.ByteRange;
import io.strata.store.ForwardingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;

/**
 * The bucket as somebody reads it who has a kept head open: when an object is missing it finds out
 * whether that is because the head is kept no longer. Safe for any thread.
 */
final class KeptStore extends ForwardingStore {
  private final Heads heads;
  private final long number;
  private volatile boolean letGo;

  /** Reads what head {@code number} leads to. */
  KeptStore(ObjectStore below, Heads heads, long number) {
    super(below);
    this.heads = heads;
    this.number = number;
  }

  /** What whoever reads such a state is told once it is let go. */
  static String gone(String state) {
    return "state %s is kept no longer, which a snapshot of it would have prevented"
        .formatted(state);
  }

  /** Whether the head is known to be kept no longer: its objects may be gone. */
  boolean letGo() {
    return letGo;
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    try {
      return super.get(key, range);
    } catch (StoreException.Missing e) {
      letGo = letGo || !kept();
      throw e;
    }
  }

  private boolean kept() throws StoreException {
    return heads.newest().map(newest -> newest.head().kept().contains(number)).orElse(false);
  }
}
