package io.strata.fs.locks;

/**
 * Bytes of a file.
 *
 * @param first offset of the first, 0 or more
 * @param last offset of the last; {@link Long#MAX_VALUE} means all that follow
 */
public record ByteRange(long first, long last) {
  /** The whole file, however long it gets. */
  public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no bytes from " + first + " to " + last);
    }
  }

  boolean overlaps(ByteRange other) {
    return first <= other.last && other.first <= last;
  }
}
