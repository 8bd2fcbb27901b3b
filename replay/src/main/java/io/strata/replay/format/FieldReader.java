package io.strata.replay.format;

import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads little-endian fields of a stored object, and reports an object whose fields do not add up
 * as damaged, by name and field, instead of running past its end.
 *
 * <p>Confined to one thread.
 */
public final class FieldReader {
  private final ObjectKey key;
  private final ByteBuffer bytes;
  private final int start;

  /** Reads from position to limit of {@code bytes}, whose position stays. */
  public FieldReader(ObjectKey key, ByteBuffer bytes) {
    this.key = key;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.start = bytes.position();
  }

  public int u8(String field) throws StoreException.Corrupt {
    return Byte.toUnsignedInt(need(1, field).get());
  }

  public int u16(String field) throws StoreException.Corrupt {
    return Short.toUnsignedInt(need(2, field).getShort());
  }

  public int u32(String field) throws StoreException.Corrupt {
    return need(4, field).getInt();
  }

  public long u64(String field) throws StoreException.Corrupt {
    return need(8, field).getLong();
  }

  /**
   * A u32 that counts things of at least {@code bytesEach} bytes, all of which follow: bounded by
   * what is there, so that a damaged count cannot ask for more memory than the object has.
   */
  public int count(String field, int bytesEach) throws StoreException.Corrupt {
    return fitting(field, u32(field), bytesEach);
  }

  /** As {@link #count}, for a count that was read before. */
  public int fitting(String field, int count, int bytesEach) throws StoreException.Corrupt {
    require(
        count >= 0 && (long) count * bytesEach <= bytes.remaining(),
        "%s %d does not fit in the %d bytes that follow",
        field,
        Integer.toUnsignedLong(count),
        bytes.remaining());
    return count;
  }

  /** A u64 that is to be {@code min} to {@code max}. */
  public long u64(String field, long min, long max) throws StoreException.Corrupt {
    long value = u64(field);
    require(value >= min && value <= max, "%s is %d, not %d to %d", field, value, min, max);
    return value;
  }

  /** A copy of the next bytes. */
  public byte[] bytes(String field, int length) throws StoreException.Corrupt {
    need(length, field);
    byte[] copy = new byte[length];
    bytes.get(copy);
    return copy;
  }

  /** A view of u32 length, u32 CRC32C, bytes; the checksum is verified. */
  public ByteBuffer checkedBytes(String field) throws StoreException.Corrupt {
    int length = u32(field);
    int stored = u32(field);
    require(length >= 0, "%s has length %d", field, Integer.toUnsignedLong(length));
    ByteBuffer view = need(length, field).slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    CRC32C crc = new CRC32C();
    crc.update(view.duplicate());
    int found = (int) crc.getValue();
    require(stored == found, "%s: checksum expected %08x, found %08x", field, stored, found);
    return view;
  }

  /** u16 length, UTF-8 bytes. */
  public String text(String field) throws StoreException.Corrupt {
    byte[] utf8 = bytes(field, u16(field));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new StoreException.Corrupt(key, field + " is not UTF-8");
    }
  }

  /** How many bytes are left. */
  public int remaining() {
    return bytes.remaining();
  }

  /** The bytes that are left, in a view. */
  public ByteBuffer rest() {
    return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reports the object as damaged if bytes are left over. */
  public void end() throws StoreException.Corrupt {
    require(!bytes.hasRemaining(), "%d bytes are left over at its end", bytes.remaining());
  }

  /** Reports the object as damaged unless {@code holds}. */
  public void require(boolean holds, String otherwise, @Nullable Object... arguments)
      throws StoreException.Corrupt {
    if (!holds) {
      throw damaged(otherwise, arguments);
    }
  }

  /** The report that the object is damaged, to be thrown. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not among our dependencies
  public StoreException.Corrupt damaged(String how, @Nullable Object... arguments) {
    return new StoreException.Corrupt(key, how.formatted(arguments));
  }

  private ByteBuffer need(int length, String field) throws StoreException.Corrupt {
    require(
        length <= bytes.remaining(),
        "it ends in %s: %d bytes needed at %d, %d left",
        field,
        length,
        bytes.position() - start,
        bytes.remaining());
    return bytes;
  }
}
