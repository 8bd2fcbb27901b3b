package io.strata.fs.schema;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.util.Arrays;

/**
 * Takes fields of records from bytes; the counterpart of {@link RecordWriter}.
 *
 * <p>Strict: what it accepts is exactly what the writer writes, so that a record that was read
 * encodes to the same bytes. Never allocates more than the bytes that are there. Confined to one
 * thread.
 */
final class RecordReader {
  private final String record;
  private final byte[] bytes;
  private int at;

  /**
   * Reads {@code bytes} from the first on.
   *
   * @param record what they should be, for messages
   */
  RecordReader(String record, byte[] bytes) {
    this.record = record;
    this.bytes = bytes;
  }

  /** A record's fields as one step that may find them impossible. */
  @FunctionalInterface
  interface Fields<T> {
    T read(RecordReader in) throws MalformedRecord;
  }

  /** Decodes a record that fills {@code bytes} exactly. */
  static <T> T whole(String record, byte[] bytes, Fields<T> fields) throws MalformedRecord {
    RecordReader in = new RecordReader(record, bytes);
    T value = in.checked(fields);
    if (in.hasMore()) {
      throw in.malformed((bytes.length - in.at) + " bytes too many");
    }
    return value;
  }

  /** Decodes fields; what a constructor refuses is as malformed as what the reader refuses. */
  <T> T checked(Fields<T> fields) throws MalformedRecord {
    try {
      return fields.read(this);
    } catch (IllegalArgumentException e) {
      throw new MalformedRecord(
          "malformed " + record + " before byte " + at + ": " + e.getMessage(), e);
    }
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  int u8() throws MalformedRecord {
    need(1);
    return bytes[at++] & 0xff;
  }

  long varint() throws MalformedRecord {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      if (shift == 63 && b > 1) {
        throw malformed("a number of more than 64 bits");
      }
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        if (b == 0 && shift > 0) {
          throw malformed("a number with needless bytes");
        }
        return value;
      }
    }
    throw malformed("a number of more than 64 bits");
  }

  long zigzag() throws MalformedRecord {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** A varint that is not negative as a signed 64-bit number. */
  long count() throws MalformedRecord {
    long value = varint();
    if (value < 0) {
      throw malformed("a number of more than 63 bits");
    }
    return value;
  }

  int u32() throws MalformedRecord {
    long value = varint();
    if (value >>> 32 != 0) {
      throw malformed("a number of more than 32 bits");
    }
    return (int) value;
  }

  Nonce nonce() throws MalformedRecord {
    Epoch epoch = new Epoch(u32());
    return Nonce.of(epoch, Integer.toUnsignedLong(u32()));
  }

  Ino ino() throws MalformedRecord {
    return new Ino(count());
  }

  ByteString string(int bytesMax) throws MalformedRecord {
    long length = varint();
    if (length < 0 || length > bytesMax) {
      throw malformed("a length of " + Long.toUnsignedString(length) + " bytes");
    }
    return ByteString.wrap(take((int) length));
  }

  FileName name() throws MalformedRecord {
    return FileName.of(take(u8()));
  }

  MalformedRecord malformed(String why) {
    return new MalformedRecord("malformed " + record + " before byte " + at + ": " + why);
  }

  private byte[] take(int n) throws MalformedRecord {
    need(n);
    byte[] taken = Arrays.copyOfRange(bytes, at, at + n);
    at += n;
    return taken;
  }

  private void need(int n) throws MalformedRecord {
    if (bytes.length - at < n) {
      throw malformed(n + " more bytes expected, " + (bytes.length - at) + " are there");
    }
  }
}
