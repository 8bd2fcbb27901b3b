package io.strata.btree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a page may hold.
 *
 * @param from the least, null for none
 * @param to what all are below, null for none
 */
@SuppressWarnings("ArrayRecordComponent") // bounds to check against, never compared as a whole
record KeyRange(byte @Nullable [] from, byte @Nullable [] to) {
  static final KeyRange ALL = new KeyRange(null, null);

  /** Whether all of a page's keys are in the range. */
  boolean covers(Slots slots) {
    int count = slots.count();
    return count == 0
        || ((from == null || Arrays.compareUnsigned(from, slots.key(0)) <= 0)
            && (to == null || Arrays.compareUnsigned(slots.key(count - 1), to) < 0));
  }
}
