package io.strata.store;

/** Which bytes of an object to read. */
public sealed interface ByteRange {
  /** The whole object. */
  ByteRange ALL = new All();

  /** Offset of the first byte that it means in an object of {@code objectLength} bytes. */
  long start(long objectLength);

  /** Offset after the last byte that it means in an object of {@code objectLength} bytes. */
  long end(long objectLength);

  /** The whole object. */
  record All() implements ByteRange {
    @Override
    public long start(long objectLength) {
      return 0;
    }

    @Override
    public long end(long objectLength) {
      return objectLength;
    }
  }

  /**
   * Bytes {@code offset} to {@code offset + length - 1}.
   *
   * @param offset at least 0
   * @param length at least 1
   */
  record Slice(long offset, long length) implements ByteRange {
    public Slice {
      if (offset < 0 || length < 1 || offset + length < 0) {
        throw new IllegalArgumentException("no such byte range: " + offset + "+" + length);
      }
    }

    @Override
    public long start(long objectLength) {
      return Math.min(offset, objectLength);
    }

    @Override
    public long end(long objectLength) {
      return Math.min(offset + length, objectLength);
    }
  }

  /**
   * The last {@code length} bytes, or all of them if there are fewer.
   *
   * @param length at least 1
   */
  record Suffix(long length) implements ByteRange {
    public Suffix {
      if (length < 1) {
        throw new IllegalArgumentException("no such byte range: last " + length);
      }
    }

    @Override
    public long start(long objectLength) {
      return objectLength - Math.min(length, objectLength);
    }

    @Override
    public long end(long objectLength) {
      return objectLength;
    }
  }
}
