package io.strata.fs.schema;

/**
 * What the tree knows of a stored segment.
 *
 * <p>Stored as: varint birth head · varint length of the index · the index.
 *
 * @param birthHead number of the head that first referred to it
 * @param index its block index as the segment log encodes it; opaque here, 0 to {@link
 *     #INDEX_BYTES_MAX} bytes
 */
public record SegmentRecord(long birthHead, ByteString index) {
  /** The longest index: 12 bytes for each 64 KiB of a segment, and a little. */
  public static final int INDEX_BYTES_MAX = 1 << 20;

  public SegmentRecord {
    if (birthHead < 0 || index.length() > INDEX_BYTES_MAX) {
      throw new IllegalArgumentException(
          "no such segment: born at head %d, index of %d bytes"
              .formatted(birthHead, index.length()));
    }
  }

  /** The value in the tree. */
  public byte[] encode() {
    RecordWriter out = new RecordWriter(12 + index.length());
    write(out);
    return out.toBytes();
  }

  /** The record in a value of the tree. */
  public static SegmentRecord decode(byte[] value) throws MalformedRecord {
    return RecordReader.whole("segment record", value, SegmentRecord::read);
  }

  void write(RecordWriter out) {
    out.varint(birthHead).string(index);
  }

  static SegmentRecord read(RecordReader in) throws MalformedRecord {
    return new SegmentRecord(in.count(), in.string(INDEX_BYTES_MAX));
  }
}
