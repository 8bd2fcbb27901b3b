package io.strata.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The frame that every stored object wears: header, payload, trailer (docs/format.md, "Frame").
 *
 * <pre>
 * header   0  magic "STRATA\r\n"
 *          8  u8  kind               9  u8  format version
 *         10  u16 name length       12  u32 CRC32C of the header with this field zero
 *         16  volume UUID, big-endian
 *         32  u64 payload length
 *         40  name, then zeros up to a multiple of 8
 * trailer  0  u32 CRC32C of header and payload
 *          4  u32 zero
 *          8  magic "\r\nATARTS"
 * </pre>
 *
 * <p>Numbers are little-endian. The name makes an object that was put back under another's key
 * known for what it is; the magic's line ends show a transfer that took it for text; magic at both
 * ends shows one that was cut off.
 */
public final class Frame {
  /** Length of the trailer in bytes. */
  public static final int TRAILER_BYTES = 16;

  /** The format version that this code writes, and the newest that it reads. */
  public static final int VERSION = 1;

  private static final int NAME_AT = 40;
  private static final int CRC_AT = 12;
  private static final long MAGIC = ascii("STRATA\r\n");
  private static final long END_MAGIC = ascii("\r\nATARTS");

  private Frame() {}

  /** Length in bytes of the header of the object named {@code key}: where its payload begins. */
  public static int headerLength(ObjectKey key) {
    return headerLength(key.value().length());
  }

  /** An object of this payload, ready to be put. The payload's buffers are not copied. */
  public static Body wrap(
      FrameKind kind, VolumeId volume, ObjectKey key, List<ByteBuffer> payload) {
    List<ByteBuffer> parts = new ArrayList<>(payload.size() + 2);
    CRC32C crc = new CRC32C();
    long length = 0;
    for (ByteBuffer part : payload) {
      length += part.remaining();
    }
    ByteBuffer header = header(kind, volume, key, length);
    crc.update(header.duplicate());
    parts.add(header);
    for (ByteBuffer part : payload) {
      crc.update(part.duplicate());
      parts.add(part);
    }
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putInt((int) crc.getValue()).putInt(0).putLong(END_MAGIC).flip();
    parts.add(trailer);
    return Body.of(parts);
  }

  /**
   * The payload of an object that was read whole, once everything about it has been checked.
   *
   * @param whole all bytes of the object, from position to limit; left as it is
   * @param volume the volume that it must belong to; null only while that is not known yet, that
   *     is, for the volume's descriptor
   * @return a view of the payload, little-endian
   * @throws StoreException.Corrupt if it is not the object that was put under this key
   * @throws StoreException.TooNew if a later version of Strata wrote it
   */
  public static ByteBuffer open(
      ByteBuffer whole, FrameKind kind, @Nullable VolumeId volume, ObjectKey key)
      throws StoreException {
    ByteBuffer bytes = whole.slice().order(ByteOrder.LITTLE_ENDIAN);
    int payloadAt = checkedHeaderLength(bytes, key);
    checkIdentity(bytes, kind, volume, key);
    int trailerAt = checkedTrailer(bytes, payloadAt, key);
    return bytes
        .slice(payloadAt, trailerAt - payloadAt)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Checks magic, version and the header's own checksum. */
  private static int checkedHeaderLength(ByteBuffer bytes, ObjectKey key) throws StoreException {
    int length = bytes.limit();
    if (length < NAME_AT + TRAILER_BYTES) {
      throw corrupt(key, "length: %d bytes are too few for a frame".formatted(length));
    }
    if (bytes.getLong(0) != MAGIC) {
      throw corrupt(key, "magic: it is not an object of Strata's");
    }
    int version = Byte.toUnsignedInt(bytes.get(9));
    if (version > VERSION) {
      throw new StoreException.TooNew(key, version, VERSION);
    }
    if (version != VERSION) {
      throw corrupt(key, "format version: there is no version " + version);
    }
    int headerLength = headerLength(Short.toUnsignedInt(bytes.getShort(10)));
    if (headerLength > length - TRAILER_BYTES) {
      throw corrupt(key, "length: a header of %d bytes does not fit".formatted(headerLength));
    }
    byte[] header = new byte[headerLength];
    bytes.get(0, header);
    int found = crc(ByteBuffer.wrap(header).putInt(CRC_AT, 0));
    checkCrc(key, "header checksum", bytes.getInt(CRC_AT), found);
    return headerLength;
  }

  private static void checkIdentity(
      ByteBuffer bytes, FrameKind kind, @Nullable VolumeId volume, ObjectKey key)
      throws StoreException {
    int code = Byte.toUnsignedInt(bytes.get(8));
    if (code != kind.code()) {
      throw corrupt(key, "kind: %d, expected %d (%s)".formatted(code, kind.code(), kind));
    }
    ByteBuffer uuid = bytes.slice(16, 16);
    VolumeId owner = new VolumeId(new UUID(uuid.getLong(), uuid.getLong()));
    if (volume != null && !owner.equals(volume)) {
      throw corrupt(key, "volume: it belongs to %s, expected %s".formatted(owner, volume));
    }
    byte[] name = new byte[Short.toUnsignedInt(bytes.getShort(10))];
    bytes.get(NAME_AT, name);
    String found = new String(name, StandardCharsets.US_ASCII);
    if (!found.equals(key.value())) {
      throw corrupt(key, "name: it was written as " + found);
    }
  }

  /** Checks length, end and checksum; returns where the trailer begins. */
  private static int checkedTrailer(ByteBuffer bytes, int payloadAt, ObjectKey key)
      throws StoreException {
    int trailerAt = bytes.limit() - TRAILER_BYTES;
    long expected = bytes.getLong(32);
    int found = trailerAt - payloadAt;
    if (found != expected) {
      throw corrupt(
          key, "length: %d bytes of payload, the header says %d".formatted(found, expected));
    }
    if (bytes.getInt(trailerAt + 4) != 0 || bytes.getLong(trailerAt + 8) != END_MAGIC) {
      throw corrupt(key, "magic at its end");
    }
    checkCrc(key, "checksum", bytes.getInt(trailerAt), crc(bytes.slice(0, trailerAt)));
    return trailerAt;
  }

  private static void checkCrc(ObjectKey key, String which, int stored, int found)
      throws StoreException {
    if (stored != found) {
      throw corrupt(key, "%s: stored %08x, found %08x".formatted(which, stored, found));
    }
  }

  private static StoreException corrupt(ObjectKey key, String what) {
    return new StoreException.Corrupt(key, what);
  }

  private static ByteBuffer header(
      FrameKind kind, VolumeId volume, ObjectKey key, long payloadLength) {
    byte[] name = key.value().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer header = ByteBuffer.allocate(headerLength(name.length));
    header.putLong(16, volume.uuid().getMostSignificantBits());
    header.putLong(24, volume.uuid().getLeastSignificantBits());
    header.order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(0, MAGIC).put(8, (byte) kind.code()).put(9, (byte) VERSION);
    header.putShort(10, (short) name.length).putLong(32, payloadLength).put(NAME_AT, name);
    return header.putInt(CRC_AT, crc(header.duplicate()));
  }

  private static int headerLength(int nameLength) {
    return (NAME_AT + nameLength + 7) & ~7;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static long ascii(String eightCharacters) {
    return ByteBuffer.wrap(eightCharacters.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong();
  }
}
