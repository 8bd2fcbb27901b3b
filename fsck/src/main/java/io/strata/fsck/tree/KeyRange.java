package io.strata.fsck.tree;

import io.strata.fs.schema.TreeKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of keys.
 *
 * @param from the first key that can be in it
 * @param to what all its keys are smaller than; null if there is no end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record KeyRange(byte[] from, byte @Nullable [] to) {
  /** All keys. */
  public static final KeyRange ALL = new KeyRange(new byte[0], null);

  /** A range of the schema's. */
  public static KeyRange of(TreeKeys.Range range) {
    return new KeyRange(range.from(), range.toExclusive());
  }

  /** The key alone. */
  public static KeyRange only(byte[] key) {
    return new KeyRange(key, Arrays.copyOf(key, key.length + 1));
  }

  /** Whether {@code key} is in it. */
  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(from, key) <= 0
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  /** The keys that are in both, if any are. */
  public KeyRange and(KeyRange other) {
    byte[] start = Arrays.compareUnsigned(from, other.from) >= 0 ? from : other.from;
    byte[] end =
        to == null || (other.to != null && Arrays.compareUnsigned(other.to, to) < 0)
            ? other.to
            : to;
    return new KeyRange(start, end);
  }

  /** Whether some key can be in both. */
  public boolean meets(KeyRange other) {
    return startsBefore(other.to) && other.startsBefore(to);
  }

  private boolean startsBefore(byte @Nullable [] end) {
    return end == null || Arrays.compareUnsigned(from, end) < 0;
  }
}
