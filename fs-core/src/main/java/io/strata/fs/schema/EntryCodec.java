package io.strata.fs.schema;

/**
 * Reads entries of the tree as the mutations that store them. Values that are not a record of their
 * own: an orphan's is one zero byte, a segment's live bytes are a varint.
 */
final class EntryCodec {
  private EntryCodec() {}

  static Mutation.Put decode(byte[] key, byte[] value) throws MalformedRecord {
    return switch (TreeKeys.decode(key)) {
      case TreeKey.OfInode(Ino ino) -> new Mutation.InodePut(ino, Inode.decode(value));
      case TreeKey.OfXattr(Ino ino, ByteString name) ->
          new Mutation.XattrPut(ino, name, Xattrs.decodeValue(value));
      case TreeKey.OfDentry(Ino parent, FileName name) ->
          new Mutation.DentryPut(parent, name, Dentry.decode(value));
      case TreeKey.OfExtent(Ino ino, long fileOffset) ->
          new Mutation.ExtentPut(ino, Extent.decode(fileOffset, value));
      case TreeKey.OfOrphan(Ino ino) ->
          RecordReader.whole("orphan", value, in -> readOrphan(ino, in));
      case TreeKey.OfSegment(var nonce) ->
          new Mutation.SegmentPut(nonce, SegmentRecord.decode(value));
      case TreeKey.OfSegmentLive(var nonce) ->
          RecordReader.whole(
              "segment's live bytes", value, in -> new Mutation.SegmentLivePut(nonce, in.count()));
      case TreeKey.OfPack(var nonce) -> new Mutation.PackPut(nonce, PackRecord.decode(value));
      case TreeKey.Dead dead ->
          RecordReader.whole(
              "dead object", value, in -> new Mutation.DeadPut(DeadObject.read(dead, in)));
    };
  }

  private static Mutation.Put readOrphan(Ino ino, RecordReader in) throws MalformedRecord {
    if (in.u8() != 0) {
      throw in.malformed("a value other than 0");
    }
    return new Mutation.OrphanPut(ino);
  }

  static byte[] presence() {
    return new byte[1];
  }

  static byte[] count(long value) {
    return new RecordWriter(10).varint(value).toBytes();
  }
}
