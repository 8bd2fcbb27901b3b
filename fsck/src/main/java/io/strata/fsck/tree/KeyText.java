package io.strata.fsck.tree;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.store.Nonce;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Keys of the tree in words, for messages. */
public final class KeyText {
  private KeyText() {}

  /** What {@code key} names. Also separators, which need not be whole keys, are made sense of. */
  public static String of(byte[] key) {
    try {
      return words(TreeKeys.decode(key));
    } catch (MalformedRecord notWhole) {
      return partial(key);
    }
  }

  private static String words(TreeKey key) {
    return switch (key) {
      case TreeKey.OfInode(Ino ino) -> "inode " + ino;
      case TreeKey.OfXattr(Ino ino, ByteString name) ->
          "attribute \"" + Printable.text(name.toBytes()) + "\" of inode " + ino;
      case TreeKey.OfDentry(Ino parent, FileName name) ->
          "name \"" + Printable.text(name.toBytes()) + "\" in inode " + parent;
      case TreeKey.OfExtent(Ino ino, long offset) -> "extent of inode " + ino + " at " + offset;
      case TreeKey.OfOrphan(Ino ino) -> "orphan mark of inode " + ino;
      case TreeKey.OfSegment(Nonce nonce) -> "record of segment " + nonce;
      case TreeKey.OfSegmentLive(Nonce nonce) -> "live bytes of segment " + nonce;
      case TreeKey.OfPack(Nonce nonce) -> "record of pack " + nonce;
      case TreeKey.Dead(long head, DeadObject.Kind kind, Nonce nonce) ->
          "record of dead %s %s at head %d"
              .formatted(kind.name().toLowerCase(java.util.Locale.ROOT), nonce, head);
    };
  }

  private static String partial(byte[] key) {
    if (key.length == 0) {
      return "the first key";
    }
    if (key.length < Long.BYTES) {
      return "key " + HexFormat.of().formatHex(key);
    }
    long ino = ByteBuffer.wrap(key).getLong();
    String rest = HexFormat.of().formatHex(key, Long.BYTES, key.length);
    return (ino == 0 ? "the volume's records" : "inode " + ino)
        + (rest.isEmpty() ? "" : " at " + rest);
  }
}
