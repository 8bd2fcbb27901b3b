package io.strata.replay.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Appends little-endian fields to a growing array: the counterpart of {@link FieldReader}.
 *
 * <p>Confined to one thread.
 */
public final class FieldWriter {
  private ByteBuffer bytes;

  /** An empty writer with room for {@code sizeHint} bytes before it must grow. */
  public FieldWriter(int sizeHint) {
    bytes = ByteBuffer.allocate(Math.max(16, sizeHint)).order(ByteOrder.LITTLE_ENDIAN);
  }

  public FieldWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  public FieldWriter u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  public FieldWriter u32(int value) {
    room(4).putInt(value);
    return this;
  }

  public FieldWriter u64(long value) {
    room(8).putLong(value);
    return this;
  }

  /** Bytes as they are, without a length. */
  public FieldWriter bytes(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  /** Bytes as they are, without a length; the buffer's position stays. */
  public FieldWriter bytes(ByteBuffer value) {
    room(value.remaining()).put(value.duplicate());
    return this;
  }

  /** u32 length, u32 CRC32C, bytes; the buffer's position stays. */
  public FieldWriter checkedBytes(ByteBuffer value) {
    CRC32C crc = new CRC32C();
    crc.update(value.duplicate());
    return u32(value.remaining()).u32((int) crc.getValue()).bytes(value);
  }

  /** u16 length, UTF-8 bytes. What does not fit in 65,535 bytes is refused. */
  public FieldWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > 0xffff) {
      throw new IllegalArgumentException("text of " + utf8.length + " bytes");
    }
    return u16(utf8.length).bytes(utf8);
  }

  /** How many bytes have been written. */
  public int length() {
    return bytes.position();
  }

  /** Everything written so far, in a view that shares the writer's bytes. */
  public ByteBuffer written() {
    return bytes.duplicate().flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer room(int needed) {
    if (bytes.remaining() < needed) {
      int used = bytes.position();
      int capacity = Math.max(Math.addExact(used, needed), Math.min(used, 1 << 29) * 2);
      bytes =
          ByteBuffer.wrap(Arrays.copyOf(bytes.array(), capacity))
              .order(ByteOrder.LITTLE_ENDIAN)
              .position(used);
    }
    return bytes;
  }
}
