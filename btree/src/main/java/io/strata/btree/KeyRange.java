package io.strata.btree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a page may hold, as far as its parent knows.
 *
 * @param from the least, null for none
 * @param to what all are below, null for none
 */
@SuppressWarnings("ArrayRecordComponent") // bounds to check against, never compared as a whole
record KeyRange(byte @Nullable [] from, byte @Nullable [] to) {
  static final KeyRange ALL = new KeyRange(null, null);

  /** The range of a child. */
  static KeyRange of(Inner parent, int child) {
    return new KeyRange(
        child > 0 ? parent.separator(child) : null,
        child + 1 < parent.count() ? parent.separator(child + 1) : null);
  }

  /** Whether all of a page's keys are in the range. */
  boolean covers(Slots slots) {
    int count = slots.count();
    return count == 0
        || ((from == null || Arrays.compareUnsigned(from, slots.key(0)) <= 0)
            && (to == null || Arrays.compareUnsigned(slots.key(count - 1), to) < 0));
  }
}
