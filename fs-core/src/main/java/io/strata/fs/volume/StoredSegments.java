package io.strata.fs.volume;

import io.strata.platform.Platform;
import io.strata.segment.BlockReader;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Ahead;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for segments in the store. Immutable; safe for any thread; blocks on the store.
 *
 * @param volume the volume that they are of
 */
record StoredSegments(ObjectStore store, VolumeId volume, Platform platform) {
  /** Segments that are looked for at the same time. */
  private static final int LOOKUPS_MAX = 16;

  /**
   * The indexes of those that are there: a request each, several at a time.
   *
   * @throws StoreException.Corrupt if one is damaged
   */
  Map<Nonce, SegmentIndex> find(Collection<Nonce> nonces) throws IOException {
    Map<Nonce, SegmentIndex> found = new HashMap<>();
    try {
      Ahead.each(
          platform,
          nonces.iterator(),
          LOOKUPS_MAX,
          this::find,
          (nonce, index) -> index.ifPresent(there -> found.put(nonce, there)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while looking for segments");
    }
    return found;
  }

  private Optional<SegmentIndex> find(Nonce nonce) throws StoreException {
    try {
      return Optional.of(BlockReader.readIndex(store, volume, nonce));
    } catch (StoreException.Missing e) {
      // What that means is for the caller to say.
      return Optional.empty();
    }
  }
}
