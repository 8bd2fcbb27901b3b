package io.strata.fs.schema;

import io.strata.store.Nonce;
import java.util.Arrays;

/**
 * Appends fields of records to a growing array. Confined to one thread.
 *
 * <p>A <em>varint</em> is an unsigned 64-bit number, seven bits a byte, lowest first, the top bit
 * of each byte but the last set, in the fewest bytes possible (1 to 10). A <em>zigzag varint</em>
 * maps a signed number n to {@code 2n} or {@code -2n - 1} first.
 */
final class RecordWriter {
  private byte[] bytes;
  private int length;

  RecordWriter(int expectedBytes) {
    this.bytes = new byte[Math.max(16, expectedBytes)];
  }

  RecordWriter u8(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
    return this;
  }

  RecordWriter varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  RecordWriter zigzag(long value) {
    return varint(value << 1 ^ value >> 63);
  }

  /** A 32-bit number, unsigned, as a varint. */
  RecordWriter u32(int value) {
    return varint(Integer.toUnsignedLong(value));
  }

  /** A nonce as two varints, epoch and counter, since both are mostly small. */
  RecordWriter nonce(Nonce nonce) {
    return varint(nonce.value() >>> 32).varint(nonce.value() & 0xffff_ffffL);
  }

  /** A varint length and the bytes. */
  RecordWriter string(ByteString value) {
    varint(value.length());
    reserve(value.length());
    value.copyTo(bytes, length);
    length += value.length();
    return this;
  }

  /** A length in one byte and the bytes. */
  RecordWriter name(FileName name) {
    u8(name.length());
    reserve(name.length());
    name.copyTo(bytes, length);
    length += name.length();
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
