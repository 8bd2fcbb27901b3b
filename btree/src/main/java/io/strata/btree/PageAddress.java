package io.strata.btree;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a stored page is, and the checksum that it must have there.
 *
 * @param pack the object that holds it
 * @param offset of its first byte in the object
 * @param length of its stored form, in bytes, at least 1
 * @param crc CRC32C of its stored form
 */
public record PageAddress(long pack, int offset, int length, int crc) {
  /** The length of an encoded address. */
  public static final int BYTES = 20;

  public PageAddress {
    if (offset < 0 || length < 1) {
      throw new IllegalArgumentException("no such page: offset " + offset + " length " + length);
    }
  }

  /**
   * Writes u64 pack, u32 offset, u32 length, u32 checksum, little-endian, whatever the order of the
   * buffer.
   */
  public void encode(ByteBuffer to) {
    ByteOrder order = to.order();
    to.order(ByteOrder.LITTLE_ENDIAN).putLong(pack).putInt(offset).putInt(length).putInt(crc);
    to.order(order);
  }

  /** The encoded address. */
  public byte[] encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    encode(bytes);
    return bytes.array();
  }

  /**
   * Reads what {@link #encode} writes.
   *
   * @throws IllegalArgumentException if it can be no address
   */
  public static PageAddress decode(ByteBuffer from) {
    ByteOrder order = from.order();
    from.order(ByteOrder.LITTLE_ENDIAN);
    try {
      return new PageAddress(from.getLong(), from.getInt(), from.getInt(), from.getInt());
    } finally {
      from.order(order);
    }
  }

  /** Pack as in object names, offset and length in decimal. */
  @Override
  public String toString() {
    return "%08x-%08x@%d+%d".formatted(pack >>> 32, pack & 0xffff_ffffL, offset, length);
  }
}
