package io.strata.fs.schema;

/**
 * What a name in a directory stands for.
 *
 * <p>Stored as: varint inode number · u8 type code ({@link FileType#code}).
 *
 * @param child the inode
 * @param type what it is, kept here so that listing a directory need not read its inodes
 */
public record Dentry(Ino child, FileType type) {
  /** The value in the tree. */
  public byte[] encode() {
    RecordWriter out = new RecordWriter(10);
    write(out);
    return out.toBytes();
  }

  /** The entry in a value of the tree. */
  public static Dentry decode(byte[] value) throws MalformedRecord {
    return RecordReader.whole("directory entry", value, Dentry::read);
  }

  void write(RecordWriter out) {
    out.varint(child.value()).u8(type.code());
  }

  static Dentry read(RecordReader in) throws MalformedRecord {
    return new Dentry(in.ino(), FileType.ofCode(in.u8()));
  }
}
