package io.strata.fs.schema;

/**
 * What the tree knows of a pack of its own pages.
 *
 * <p>Stored as four varints in this order.
 *
 * @param storedBytes length of the object
 * @param livePages pages in it that the tree still refers to
 * @param liveBytes their stored bytes
 * @param birthHead number of the head that first referred to it
 */
public record PackRecord(long storedBytes, long livePages, long liveBytes, long birthHead) {
  public PackRecord {
    if (storedBytes < 0 || livePages < 0 || liveBytes < 0 || birthHead < 0) {
      throw new IllegalArgumentException(
          "no such pack: %d bytes, %d pages and %d bytes live, born at head %d"
              .formatted(storedBytes, livePages, liveBytes, birthHead));
    }
  }

  /** The value in the tree. */
  public byte[] encode() {
    RecordWriter out = new RecordWriter(24);
    write(out);
    return out.toBytes();
  }

  /** The record in a value of the tree. */
  public static PackRecord decode(byte[] value) throws MalformedRecord {
    return RecordReader.whole("pack record", value, PackRecord::read);
  }

  void write(RecordWriter out) {
    out.varint(storedBytes).varint(livePages).varint(liveBytes).varint(birthHead);
  }

  static PackRecord read(RecordReader in) throws MalformedRecord {
    return new PackRecord(in.count(), in.count(), in.count(), in.count());
  }
}
