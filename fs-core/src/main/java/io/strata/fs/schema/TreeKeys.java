package io.strata.fs.schema;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the tree (docs/format.md, section "Tree keys").
 *
 * <p>A key is the number of an inode in 8 bytes · a kind in one byte · a suffix. Numbers are
 * big-endian and keys are ordered as unsigned bytes, so that all entries of an inode are
 * neighbours:
 *
 * <pre>
 *   inode n  0x01                                      inode
 *   inode n  0x02  name, 1 to 255 bytes                extended attribute
 *   inode n  0x03  name, 1 to 255 bytes                directory entry
 *   inode n  0x04  file offset, 8                      extent
 *   0        0x10  inode number, 8                     orphan
 *   0        0x20  nonce, 8                            segment
 *   0        0x21  nonce, 8                            live bytes of a segment
 *   0        0x22  nonce, 8                            pack
 *   0        0x23  death head, 8 · kind, 1 · nonce, 8  dead object
 * </pre>
 */
public final class TreeKeys {
  private static final int PREFIX_BYTES = Long.BYTES + 1;

  private static final byte INODE = 0x01;
  private static final byte XATTR = 0x02;
  private static final byte DENTRY = 0x03;
  private static final byte EXTENT = 0x04;
  private static final byte ORPHAN = 0x10;
  private static final byte SEGMENT = 0x20;
  private static final byte SEGMENT_LIVE = 0x21;
  private static final byte PACK = 0x22;
  private static final byte DEAD = 0x23;

  private TreeKeys() {}

  /**
   * A run of neighbouring keys.
   *
   * @param from the first possible key
   * @param toExclusive what all keys of it are smaller than
   */
  @SuppressWarnings("ArrayRecordComponent") // only handed on to a scan, never compared
  public record Range(byte[] from, byte[] toExclusive) {}

  /** The key of an inode. */
  public static byte[] inode(Ino ino) {
    return prefix(ino.value(), INODE, 0).array();
  }

  /** The key of an extended attribute. */
  public static byte[] xattr(Ino ino, ByteString name) {
    byte[] key = prefix(ino.value(), XATTR, name.length()).array();
    name.copyTo(key, PREFIX_BYTES);
    return key;
  }

  /** The key of a directory entry. */
  public static byte[] dentry(Ino parent, FileName name) {
    byte[] key = prefix(parent.value(), DENTRY, name.length()).array();
    name.copyTo(key, PREFIX_BYTES);
    return key;
  }

  /** The key of an extent that begins at {@code fileOffset}. */
  public static byte[] extent(Ino ino, long fileOffset) {
    return prefix(ino.value(), EXTENT, Long.BYTES).putLong(fileOffset).array();
  }

  /** The key of an orphan's mark. */
  public static byte[] orphan(Ino ino) {
    return prefix(0, ORPHAN, Long.BYTES).putLong(ino.value()).array();
  }

  /** The key of a segment's record. */
  public static byte[] segment(Nonce nonce) {
    return prefix(0, SEGMENT, Long.BYTES).putLong(nonce.value()).array();
  }

  /** The key of a segment's live bytes. */
  public static byte[] segmentLive(Nonce nonce) {
    return prefix(0, SEGMENT_LIVE, Long.BYTES).putLong(nonce.value()).array();
  }

  /** The key of a pack's record. */
  public static byte[] pack(Nonce nonce) {
    return prefix(0, PACK, Long.BYTES).putLong(nonce.value()).array();
  }

  /** The key of a dead object. */
  public static byte[] dead(long deathHead, DeadObject.Kind kind, Nonce nonce) {
    return prefix(0, DEAD, 2 * Long.BYTES + 1)
        .putLong(deathHead)
        .put((byte) kind.code())
        .putLong(nonce.value())
        .array();
  }

  /** Everything about all inodes. */
  public static Range inodes() {
    return new Range(allOf(Ino.ROOT).from(), new byte[] {(byte) 0x80});
  }

  /** All entries of an inode: itself, its attributes, names and extents. */
  public static Range allOf(Ino ino) {
    return new Range(
        ByteBuffer.allocate(Long.BYTES).putLong(ino.value()).array(),
        ByteBuffer.allocate(Long.BYTES).putLong(ino.value() + 1).array());
  }

  /** All extended attributes of an inode. */
  public static Range xattrs(Ino ino) {
    return kind(ino.value(), XATTR);
  }

  /** All entries of a directory. */
  public static Range dentries(Ino parent) {
    return kind(parent.value(), DENTRY);
  }

  /** The entries of a directory that come after {@code name}. */
  public static Range dentriesAfter(Ino parent, FileName name) {
    byte[] key = dentry(parent, name);
    // No name holds a zero byte, so this is the smallest key behind it.
    return new Range(Arrays.copyOf(key, key.length + 1), dentries(parent).toExclusive());
  }

  /** The extents of a file that begin at {@code fileOffset} or later. */
  public static Range extentsFrom(Ino ino, long fileOffset) {
    return new Range(extent(ino, fileOffset), kind(ino.value(), EXTENT).toExclusive());
  }

  /** All marks of orphans. */
  public static Range orphans() {
    return kind(0, ORPHAN);
  }

  /** All records of segments. */
  public static Range segments() {
    return kind(0, SEGMENT);
  }

  /** The live bytes of all segments. */
  public static Range segmentLives() {
    return kind(0, SEGMENT_LIVE);
  }

  /** All records of packs. */
  public static Range packs() {
    return kind(0, PACK);
  }

  /** The records of segments and packs of all epochs up to one, and the live bytes of these. */
  public static List<Range> recordsUntil(Epoch last) {
    Nonce next = Nonce.of(last.next(), 0);
    return List.of(
        new Range(segments().from(), segment(next)),
        new Range(segmentLives().from(), segmentLive(next)),
        new Range(packs().from(), pack(next)));
  }

  /** The live bytes of segments behind one, or of all if it is null, up to the end of an epoch. */
  public static Range livesBetween(@Nullable Nonce after, Epoch last) {
    byte[] end = segmentLive(Nonce.of(last.next(), 0));
    return after == null
        ? new Range(segmentLives().from(), end)
        : new Range(segmentLive(new Nonce(after.value() + 1)), end);
  }

  /** All dead objects, those that died first coming first. */
  public static Range deads() {
    return kind(0, DEAD);
  }

  /** All that is known of segments and packs, living and dead. */
  public static Range objects() {
    return new Range(segments().from(), deads().toExclusive());
  }

  /** What a key names. */
  public static TreeKey decode(byte[] key) throws MalformedRecord {
    ByteBuffer in = ByteBuffer.wrap(key);
    if (key.length < PREFIX_BYTES) {
      throw malformed(key);
    }
    long ino = in.getLong();
    byte kind = in.get();
    int suffix = in.remaining();
    try {
      if (ino == 0) {
        if (kind == DEAD && suffix == 2 * Long.BYTES + 1) {
          return new TreeKey.Dead(
              in.getLong(), DeadObject.Kind.ofCode(in.get()), nonce(in.getLong()));
        }
        if (suffix == Long.BYTES) {
          return system(key, kind, in.getLong());
        }
      } else if (ino > 0) {
        return ofInode(key, new Ino(ino), kind, in);
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedRecord("malformed tree key " + ByteString.of(key), e);
    }
    throw malformed(key);
  }

  private static TreeKey system(byte[] key, byte kind, long number) throws MalformedRecord {
    return switch (kind) {
      case ORPHAN -> new TreeKey.OfOrphan(new Ino(number));
      case SEGMENT -> new TreeKey.OfSegment(nonce(number));
      case SEGMENT_LIVE -> new TreeKey.OfSegmentLive(nonce(number));
      case PACK -> new TreeKey.OfPack(nonce(number));
      default -> throw malformed(key);
    };
  }

  private static TreeKey ofInode(byte[] key, Ino ino, byte kind, ByteBuffer in)
      throws MalformedRecord {
    int suffix = in.remaining();
    if (kind == INODE && suffix == 0) {
      return new TreeKey.OfInode(ino);
    }
    if (kind == XATTR && suffix >= 1 && suffix <= Xattrs.NAME_BYTES_MAX) {
      return new TreeKey.OfXattr(ino, ByteString.wrap(rest(key)));
    }
    if (kind == DENTRY) {
      return new TreeKey.OfDentry(ino, FileName.of(rest(key)));
    }
    if (kind == EXTENT && suffix == Long.BYTES && in.getLong(PREFIX_BYTES) >= 0) {
      return new TreeKey.OfExtent(ino, in.getLong(PREFIX_BYTES));
    }
    throw malformed(key);
  }

  private static byte[] rest(byte[] key) {
    return Arrays.copyOfRange(key, PREFIX_BYTES, key.length);
  }

  /** A nonce that an epoch can have made. */
  private static Nonce nonce(long value) {
    Nonce nonce = new Nonce(value);
    return Nonce.of(nonce.epoch(), value & 0xffff_ffffL);
  }

  private static Range kind(long ino, byte kind) {
    return new Range(prefix(ino, kind, 0).array(), prefix(ino, (byte) (kind + 1), 0).array());
  }

  private static ByteBuffer prefix(long ino, byte kind, int suffixBytes) {
    return ByteBuffer.allocate(PREFIX_BYTES + suffixBytes).putLong(ino).put(kind);
  }

  private static MalformedRecord malformed(byte[] key) {
    return new MalformedRecord("malformed tree key " + ByteString.of(key));
  }
}
