package io.strata.fs.schema;

import io.strata.store.Nonce;

/** A key of the tree, read ({@link TreeKeys#decode}): which kind of entry it names, and which. */
public sealed interface TreeKey {
  /** The {@link Inode} of a number. */
  record OfInode(Ino ino) implements TreeKey {}

  /** An extended attribute of an inode. */
  record OfXattr(Ino ino, ByteString name) implements TreeKey {}

  /** A {@link Dentry}: a name in a directory. */
  record OfDentry(Ino parent, FileName name) implements TreeKey {}

  /** An {@link Extent} of a file. */
  record OfExtent(Ino ino, long fileOffset) implements TreeKey {}

  /** The mark of an inode without names that waits to be removed. */
  record OfOrphan(Ino ino) implements TreeKey {}

  /** The {@link SegmentRecord} of a segment. */
  record OfSegment(Nonce nonce) implements TreeKey {}

  /** How many bytes of a segment are live. */
  record OfSegmentLive(Nonce nonce) implements TreeKey {}

  /** The {@link PackRecord} of a pack. */
  record OfPack(Nonce nonce) implements TreeKey {}

  /** A {@link DeadObject}. */
  record Dead(long deathHead, DeadObject.Kind kind, Nonce nonce) implements TreeKey {}
}
