package io.strata.segment;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;

/**
 * What a segment log tells its owner. Each call comes on a thread that may block and holds no lock
 * of the log; calls may overlap and those for different segments may change order.
 */
public interface SegmentEvents {
  /**
   * A segment's blocks are compressed and its put begins. Once the index is in the tree, the owner
   * says so with {@link SegmentLog#indexed}; until then the segment stays in memory.
   */
  void sealed(SegmentIndex index);

  /**
   * The store holds another object under a segment's name: a later owner has ended this one's
   * reign. Nothing is put any more, and every segment not yet stored fails with {@link
   * FencedException}. Called once.
   */
  void fenced(Nonce nonce);

  /**
   * The store does not take a segment; its bytes are kept and sent again, slowly, until it does.
   * Called for each failed try.
   */
  void failing(StoreException why);
}
