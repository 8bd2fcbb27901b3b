package io.strata.fs.schema;

/**
 * Extended attributes as they are stored: the name in the key; the value as varint length · bytes.
 */
public final class Xattrs {
  /** Longest name, in bytes; the shortest is 1. */
  public static final int NAME_BYTES_MAX = 255;

  /** Longest value, in bytes. */
  public static final int VALUE_BYTES_MAX = 65_536;

  private Xattrs() {}

  /** The value in the tree. */
  public static byte[] encodeValue(ByteString value) {
    return new RecordWriter(value.length() + 3).string(value).toBytes();
  }

  /** The attribute's value in a value of the tree. */
  public static ByteString decodeValue(byte[] value) throws MalformedRecord {
    return RecordReader.whole("extended attribute", value, in -> in.string(VALUE_BYTES_MAX));
  }
}
