package io.strata.fsck.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * What of the tree could not be read. What seems to be missing may be there: a check that reports
 * something as missing asks here first.
 */
public final class Gaps {
  private final List<KeyRange> ranges = new ArrayList<>();

  /** Notes a run of keys that could not be read. */
  public void add(KeyRange range) {
    ranges.add(range);
  }

  /** Whether everything could be read. */
  public boolean none() {
    return ranges.isEmpty();
  }

  /** Whether {@code key} may be in what could not be read. */
  public boolean mayHold(byte[] key) {
    return ranges.stream().anyMatch(range -> range.contains(key));
  }

  /** Whether a key of {@code wanted} may be in what could not be read. */
  public boolean mayHold(KeyRange wanted) {
    return ranges.stream().anyMatch(range -> range.meets(wanted));
  }
}
