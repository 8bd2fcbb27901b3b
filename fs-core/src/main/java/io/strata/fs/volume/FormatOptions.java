package io.strata.fs.volume;

/**
 * How a new volume is to be.
 *
 * @param label a name for people, possibly empty, at most 64 characters
 * @param capacityBytes quota in bytes; 0 for none
 * @param singleWriter accept a store that ignores {@code If-None-Match}: safe only as long as
 *     nobody ever opens the volume twice at the same time
 */
public record FormatOptions(String label, long capacityBytes, boolean singleWriter) {
  /** No label, no quota, a store that keeps its promises. */
  public static final FormatOptions DEFAULT = new FormatOptions("", 0, false);

  public FormatOptions {
    if (label.length() > 64) {
      throw new IllegalArgumentException("a label has at most 64 characters: " + label);
    }
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacity must not be negative: " + capacityBytes);
    }
  }
}
