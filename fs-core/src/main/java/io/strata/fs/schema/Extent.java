package io.strata.fs.schema;

import io.strata.store.Nonce;

/**
 * A run of a file's bytes and where in a segment's logical stream they are. Extents of a file do
 * not overlap; what none covers is a hole and reads as zeros.
 *
 * <p>Stored under its file offset ({@link TreeKeys#extent}) as: varint length · varint epoch of the
 * nonce · varint counter of the nonce · varint logical offset.
 *
 * @param fileOffset first byte in the file, at least 0
 * @param length bytes, 1 to {@link #LENGTH_MAX}
 * @param nonce the segment
 * @param logicalOffset where in it the run begins, at least 0; the run ends within {@link
 *     #LOGICAL_MAX}
 */
public record Extent(long fileOffset, long length, Nonce nonce, long logicalOffset) {
  /** The longest run. */
  public static final long LENGTH_MAX = 1L << 30;

  /** The longest logical stream of a segment. */
  public static final long LOGICAL_MAX = (1L << 32) - 1;

  public Extent {
    if (fileOffset < 0
        || length < 1
        || length > LENGTH_MAX
        || fileOffset + length < 0
        || logicalOffset < 0
        || logicalOffset + length > LOGICAL_MAX) {
      throw new IllegalArgumentException(
          "no such extent: %d+%d at %s+%d".formatted(fileOffset, length, nonce, logicalOffset));
    }
  }

  /** The offset in the file just past it. */
  public long end() {
    return fileOffset + length;
  }

  /** Its part from file offset {@code from} up to {@code to}, neither empty nor outside. */
  public Extent part(long from, long to) {
    if (from < fileOffset || to > end() || from >= to) {
      throw new IllegalArgumentException(from + " to " + to + " is no part of " + this);
    }
    return new Extent(from, to - from, nonce, logicalOffset + (from - fileOffset));
  }

  /** Whether {@code next} goes on where this one ends, both in the file and in the segment. */
  public boolean joins(Extent next) {
    return end() == next.fileOffset
        && nonce.equals(next.nonce)
        && logicalOffset + length == next.logicalOffset
        && length + next.length <= LENGTH_MAX;
  }

  /** This one and {@code next}, which it {@link #joins}, as one. */
  public Extent join(Extent next) {
    if (!joins(next)) {
      throw new IllegalArgumentException(next + " does not follow " + this);
    }
    return new Extent(fileOffset, length + next.length, nonce, logicalOffset);
  }

  /** The value in the tree. */
  public byte[] encode() {
    RecordWriter out = new RecordWriter(20);
    write(out);
    return out.toBytes();
  }

  /** The extent in a value of the tree whose key says {@code fileOffset}. */
  public static Extent decode(long fileOffset, byte[] value) throws MalformedRecord {
    return RecordReader.whole("extent", value, in -> read(fileOffset, in));
  }

  void write(RecordWriter out) {
    out.varint(length).nonce(nonce).varint(logicalOffset);
  }

  static Extent read(long fileOffset, RecordReader in) throws MalformedRecord {
    return new Extent(fileOffset, in.count(), in.nonce(), in.count());
  }
}
