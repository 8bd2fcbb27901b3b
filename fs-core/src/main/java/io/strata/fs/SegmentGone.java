package io.strata.fs;

import io.strata.store.Nonce;

/**
 * A segment is no longer there: since its extents were looked up, all of them were overwritten or
 * moved and the segment was deleted as garbage. Look them up again.
 */
public final class SegmentGone extends Exception {
  private static final long serialVersionUID = 1L;

  /** Costs little: there is no stack trace. */
  public SegmentGone(Nonce nonce) {
    super("segment " + nonce + " is gone", null, false, false);
  }
}
