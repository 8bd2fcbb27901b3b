package io.strata.fs;

import io.strata.btree.Entry;
import io.strata.btree.PageMissing;
import io.strata.btree.Visitor;
import org.jspecify.annotations.Nullable;

/**
 * A volume's tree as an operation sees it: the state after every group that was committed before,
 * and none after. Valid only while the operation runs, on its thread.
 *
 * <p>Never does I/O. A page that is not in memory ends the operation by {@link PageMissing}, which
 * it passes on; the engine loads the page and runs the operation again from the start.
 */
public interface Metadata {
  /** The value of a key; null if there is none. The array is the caller's own. */
  byte @Nullable [] get(byte[] key) throws PageMissing;

  /** Hands entries to {@code visitor} in ascending order until it has enough. */
  void scan(byte[] from, byte[] toExclusive, Visitor visitor) throws PageMissing;

  /** The last entry whose key is at most {@code key}; null if there is none. */
  @Nullable Entry floor(byte[] key) throws PageMissing;

  /** How full the volume is, as of the same state. */
  SpaceUse spaceUse();
}
