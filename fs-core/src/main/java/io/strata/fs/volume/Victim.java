package io.strata.fs.volume;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;

/**
 * A segment that compaction may empty.
 *
 * @param index where its blocks are
 * @param birthHead the head that first referred to it
 * @param liveBytes how many of its logical bytes files still refer to, as of the newest checkpoint
 */
record Victim(SegmentIndex index, long birthHead, long liveBytes) {
  Nonce nonce() {
    return index.nonce();
  }

  /** Whether at most so many percent of it are live. */
  boolean isSparse(int liveMax) {
    return 100 * liveBytes <= liveMax * index.logicalLength();
  }

  /** Bytes of the store that would be free without it, less what its live bytes take elsewhere. */
  long gain() {
    return index.objectLength() * (index.logicalLength() - liveBytes) / index.logicalLength();
  }
}
