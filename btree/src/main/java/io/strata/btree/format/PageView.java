package io.strata.btree.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A stored page, checked as a whole, to be read entry by entry. Immutable, unless somebody changes
 * {@link #bytes}.
 */
public final class PageView {
  private static final byte[] NO_KEY = {};

  private final byte[] page;
  private final int level;
  private final int prefixLength;

  /** Where each entry starts. */
  private final int[] entries;

  private PageView(byte[] page, int level, int prefixLength, int[] entries) {
    this.page = page;
    this.level = level;
    this.prefixLength = prefixLength;
    this.entries = entries;
  }

  /**
   * Checks and copies the remaining bytes of {@code stored}.
   *
   * @throws MalformedPage if they are not one whole page: checksum, kind, level, lengths, or the
   *     order of keys
   */
  public static PageView of(ByteBuffer stored) throws MalformedPage {
    byte[] page = new byte[stored.remaining()];
    stored.get(stored.position(), page);
    if (page.length < PageCodec.HEADER_BYTES) {
      throw new MalformedPage("it has only " + page.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    int expected = header.getInt(PageCodec.CRC_AT);
    int found = PageCodec.crc(page, page.length);
    if (expected != found) {
      throw new MalformedPage("its checksum is %08x, not %08x".formatted(found, expected));
    }
    int level = Byte.toUnsignedInt(page[1]);
    if (page[0] != (level == 0 ? PageCodec.LEAF : PageCodec.INNER)) {
      throw new MalformedPage("kind " + page[0] + " at level " + level);
    }
    int prefixLength = Short.toUnsignedInt(header.getShort(PageCodec.PREFIX_LENGTH_AT));
    if (prefixLength > Math.min(PageCodec.KEY_BYTES_MAX, page.length - PageCodec.HEADER_BYTES)) {
      throw new MalformedPage("a prefix of " + prefixLength + " bytes");
    }
    int count = header.getInt(PageCodec.COUNT_AT);
    // An entry has at least its two lengths, which bounds the array below.
    if (count < (level == 0 ? 0 : 1) || count > page.length / 2) {
      throw new MalformedPage("it claims %s entries".formatted(Integer.toUnsignedString(count)));
    }
    PageView view = new PageView(page, level, prefixLength, new int[count]);
    view.index();
    return view;
  }

  /** Finds where entries start, and checks each. */
  private void index() throws MalformedPage {
    int at = PageCodec.HEADER_BYTES + prefixLength;
    for (int i = 0; i < entries.length; i++) {
      entries[i] = at;
      int keyLength = Varint.readChecked(page, at);
      int keyLengthMax = !leaf() && i == 0 ? 0 : PageCodec.KEY_BYTES_MAX - prefixLength;
      if (keyLength < 0 || keyLength > keyLengthMax) {
        throw new MalformedPage("the key length of entry " + i);
      }
      int valueAt = at + Varint.size(keyLength) + keyLength;
      int valueLength = Varint.readChecked(page, valueAt);
      int valueLengthMax = PageCodec.ENTRY_BYTES_MAX - prefixLength - keyLength;
      if (valueLength < 0
          || (leaf() ? valueLength > valueLengthMax : valueLength != PageCodec.CHILD_BYTES)) {
        throw new MalformedPage("the value length of entry " + i);
      }
      at = valueAt + Varint.size(valueLength) + valueLength;
      if (at > page.length) {
        throw new MalformedPage("entry " + i + " is cut off");
      }
      if (i > (leaf() ? 0 : 1) && !ascends(i)) {
        throw new MalformedPage("the key of entry " + i + " is out of order");
      }
    }
    if (at != page.length) {
      throw new MalformedPage(page.length - at + " bytes after the last entry");
    }
  }

  private boolean ascends(int i) {
    int before = keyAt(i - 1);
    int key = keyAt(i);
    return Arrays.compareUnsigned(
            page, before, before + keyLength(i - 1), page, key, key + keyLength(i))
        < 0;
  }

  /** Whether values are the tree's, rather than addresses of children. */
  public boolean leaf() {
    return level == 0;
  }

  /** 0 for a leaf; for an inner page one more than its children's. */
  public int level() {
    return level;
  }

  /** The number of entries; in an inner page, of children. */
  public int count() {
    return entries.length;
  }

  /** What all keys begin with; the first entry of an inner page aside. */
  public byte[] prefix() {
    int from = PageCodec.HEADER_BYTES;
    return Arrays.copyOfRange(page, from, from + prefixLength);
  }

  /** The whole key of entry {@code i}; empty for the first entry of an inner page. */
  public byte[] key(int i) {
    if (!leaf() && i == 0) {
      return NO_KEY;
    }
    byte[] key = new byte[prefixLength + keyLength(i)];
    System.arraycopy(page, PageCodec.HEADER_BYTES, key, 0, prefixLength);
    System.arraycopy(page, keyAt(i), key, prefixLength, keyLength(i));
    return key;
  }

  /** The value of entry {@code i}; in an inner page, the address of a child. */
  public byte[] value(int i) {
    int lengthAt = keyAt(i) + keyLength(i);
    int length = Varint.read(page, lengthAt);
    int from = lengthAt + Varint.size(length);
    return Arrays.copyOfRange(page, from, from + length);
  }

  /** Where entry {@code i} starts in {@link #bytes}. */
  public int entryAt(int i) {
    return entries[i];
  }

  /** The page itself, not a copy: a caller that changes it must be the view's last user. */
  public byte[] bytes() {
    return page;
  }

  private int keyLength(int i) {
    return Varint.read(page, entries[i]);
  }

  private int keyAt(int i) {
    return entries[i] + Varint.size(keyLength(i));
  }
}
