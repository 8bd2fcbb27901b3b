package io.strata.fsck.space;

import io.strata.fsck.bucket.Bucket;
import io.strata.segment.format.SegmentFooter;
import io.strata.store.ByteRange;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;

/** Reads footers of segments from their objects. Safe for any number of threads. */
public final class Footers {
  /** Enough for the footers of most segments. */
  private static final int SUFFIX_BYTES = 16 << 10;

  private final Bucket bucket;
  private final VolumeId volume;

  public Footers(Bucket bucket, VolumeId volume) {
    this.bucket = bucket;
    this.volume = volume;
  }

  /**
   * The footer of a segment: one request, or two if it is long.
   *
   * @throws StoreException.Missing if there is no such segment
   * @throws StoreException.Corrupt if what is there is not its footer
   */
  public SegmentFooter read(Nonce nonce) throws StoreException {
    VolumeId maker = bucket.maker(nonce, volume);
    ByteBuffer suffix = suffix(nonce, SUFFIX_BYTES);
    int needed = SegmentFooter.suffixLength(maker, nonce, suffix);
    if (needed > suffix.remaining()) {
      suffix = suffix(nonce, needed);
    }
    return SegmentFooter.read(maker, nonce, suffix);
  }

  private ByteBuffer suffix(Nonce nonce, int length) throws StoreException {
    return bucket.read(ObjectNames.segment(nonce), new ByteRange.Suffix(length));
  }
}
