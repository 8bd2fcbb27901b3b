package io.strata.btree.format;

import java.util.zip.CRC32C;

/**
 * The layout of a stored page. Numbers are little-endian; a <em>varint</em> is {@link Varint}'s.
 *
 * <pre>
 *  0  u8   kind: 1 leaf, 2 inner
 *  1  u8   level: 0 for a leaf, for an inner page one more than that of its children
 *  2  u16  P, length of the prefix, at most {@link #KEY_BYTES_MAX}
 *  4  u32  N, number of entries
 *  8  u32  CRC32C of the whole page with this field zero
 * 12  P bytes: the prefix, with which every key of the page begins
 *     N entries, in strictly ascending unsigned order of their keys, and nothing after them:
 *       varint  length of the key without the prefix
 *       bytes   the key without the prefix
 *       varint  length of the value
 *       bytes   the value
 * </pre>
 *
 * <p>An inner page has at least one entry; each value is the 20-byte address of a child, which
 * holds the keys from the entry's key (a separator, not necessarily a key of the tree) to the next
 * entry's, exclusive. The first entry of an inner page has no key: its length is 0, the prefix does
 * not apply to it, and it stands below every key.
 *
 * <p>A leaf may be empty. A key has at most {@link #KEY_BYTES_MAX} bytes, key and value together at
 * most {@link #ENTRY_BYTES_MAX}.
 */
public final class PageCodec {
  /** What precedes the prefix, in bytes. */
  public static final int HEADER_BYTES = 12;

  /** The longest key, in bytes. */
  public static final int KEY_BYTES_MAX = 1024;

  /** The largest key and value together, in bytes. */
  public static final int ENTRY_BYTES_MAX = 80 * 1024;

  /** The length of a child's address in an inner page, in bytes. */
  public static final int CHILD_BYTES = 20;

  static final byte LEAF = 1;
  static final byte INNER = 2;
  static final int PREFIX_LENGTH_AT = 2;
  static final int COUNT_AT = 4;
  static final int CRC_AT = 8;

  private static final byte[] NO_CRC = new byte[4];

  private PageCodec() {}

  /** The checksum that belongs in the header of a page. */
  static int crc(byte[] page, int length) {
    CRC32C crc = new CRC32C();
    crc.update(page, 0, CRC_AT);
    crc.update(NO_CRC, 0, NO_CRC.length);
    crc.update(page, HEADER_BYTES, length - HEADER_BYTES);
    return (int) crc.getValue();
  }
}
