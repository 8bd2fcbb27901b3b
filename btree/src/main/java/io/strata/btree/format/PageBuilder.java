package io.strata.btree.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes one stored page, entry by entry in ascending order of their keys. Confined to a thread.
 *
 * <p>The order is the caller's duty; {@link PageView} checks it when the page is read.
 */
public final class PageBuilder {
  private final byte[] page;
  private int end;
  private int count;

  /**
   * Starts a page.
   *
   * @param level 0 for a leaf, up to 255
   * @param prefix what every key begins with, at most {@link PageCodec#KEY_BYTES_MAX} bytes
   * @param entryBytes the length of all entries, exactly, in bytes
   */
  public PageBuilder(int level, byte[] prefix, int entryBytes) {
    if (level < 0 || level > 255 || prefix.length > PageCodec.KEY_BYTES_MAX) {
      throw new IllegalArgumentException("level " + level + ", prefix of " + prefix.length);
    }
    page = new byte[PageCodec.HEADER_BYTES + prefix.length + entryBytes];
    page[0] = level == 0 ? PageCodec.LEAF : PageCodec.INNER;
    page[1] = (byte) level;
    header().putShort(PageCodec.PREFIX_LENGTH_AT, (short) prefix.length);
    System.arraycopy(prefix, 0, page, PageCodec.HEADER_BYTES, prefix.length);
    end = PageCodec.HEADER_BYTES + prefix.length;
  }

  /** Adds an entry that is encoded already: {@code length} bytes of {@code from}. */
  public void encoded(byte[] from, int at, int length) {
    System.arraycopy(from, at, page, end, length);
    end += length;
    count++;
  }

  /** Adds an entry whose key, without the prefix, is {@code length} bytes of {@code from}. */
  public void entry(byte[] from, int at, int length, byte[] value) {
    end = Varint.write(page, end, length);
    System.arraycopy(from, at, page, end, length);
    end = Varint.write(page, end + length, value.length);
    System.arraycopy(value, 0, page, end, value.length);
    end += value.length;
    count++;
  }

  /** The length of the entry that {@link #entry} would add, in bytes. */
  public static int entryBytes(int keyLength, int valueLength) {
    return Varint.size(keyLength) + keyLength + Varint.size(valueLength) + valueLength;
  }

  /** Ends the page and returns it. */
  public ByteBuffer finish() {
    if (end != page.length) {
      throw new IllegalStateException("announced %d bytes, got %d".formatted(page.length, end));
    }
    header().putInt(PageCodec.COUNT_AT, count);
    header().putInt(PageCodec.CRC_AT, PageCodec.crc(page, page.length));
    return ByteBuffer.wrap(page);
  }

  private ByteBuffer header() {
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
  }
}
