package io.strata.fs.schema;

import org.jspecify.annotations.Nullable;

/**
 * A file of any type, without its names, extended attributes and bytes.
 *
 * <p>Stored as below, numbers being varints unless said otherwise:
 *
 * <pre>
 *   u8 version 1 · mode · links · uid · gid · device · size · allocated
 *   time of birth: zigzag varint seconds · nanoseconds
 *   u8 flags: 1 = accessed at birth, 2 = modified at birth, 4 = changed when modified,
 *     8 = no directory, and tells where it may be found
 *   unless 1: time of access · unless 2: time of modification · unless 4: time of change;
 *     each zigzag varint seconds since birth · nanoseconds
 *   directories, and others with flag 8: number of the parent
 *   symbolic links: length and bytes of the target
 * </pre>
 *
 * <p>The first three flags are set whenever they can be.
 *
 * @param mode type and permission bits, as {@code st_mode}
 * @param links names; of a directory 2 and one for each directory in it; 0 if it was removed
 * @param uid owner, unsigned
 * @param gid group, unsigned
 * @param device {@code dev_t} of a device in 32 bits, otherwise 0
 * @param size length in bytes; of a directory the number of its entries
 * @param allocated bytes in extents
 * @param accessed time of the last access
 * @param modified time of the last change of its bytes
 * @param changed time of the last change of anything
 * @param born time of its creation
 * @param parent of a directory, the directory that holds it (the root holds itself); of anything
 *     else, the directory that is the first to look into for its name, as it held it once, or null
 * @param target of a symbolic link, 1 to {@link #TARGET_BYTES_MAX} bytes; otherwise empty
 */
public record Inode(
    int mode,
    int links,
    int uid,
    int gid,
    int device,
    long size,
    long allocated,
    Timestamp accessed,
    Timestamp modified,
    Timestamp changed,
    Timestamp born,
    @Nullable Ino parent,
    ByteString target) {

  /** Longest target of a symbolic link, in bytes. */
  public static final int TARGET_BYTES_MAX = 4095;

  private static final int VERSION = 1;

  private static final int ACCESSED_AT_BIRTH = 1;
  private static final int MODIFIED_AT_BIRTH = 2;
  private static final int CHANGED_WHEN_MODIFIED = 4;
  private static final int PARENT_OF_OTHERS = 8;
  private static final int FLAGS = 15;

  public Inode {
    FileType type = FileType.ofMode(mode);
    if (mode >>> 16 != 0 || links < 0 || size < 0 || allocated < 0) {
      throw new IllegalArgumentException(
          "no such inode: mode %o, %d links, %d bytes, %d allocated"
              .formatted(mode, links, size, allocated));
    }
    if (type == FileType.DIRECTORY && parent == null) {
      throw new IllegalArgumentException("a directory has a parent");
    }
    if ((type == FileType.SYMLINK) != (target.length() > 0) || target.length() > TARGET_BYTES_MAX) {
      throw new IllegalArgumentException("no such target: " + target.length() + " bytes");
    }
  }

  /** What kind of file it is. */
  public FileType type() {
    return FileType.ofMode(mode);
  }

  /** The same with these permission bits (07777); the type stays. */
  public Inode withPermissions(int permissions) {
    return new Inode(
        (mode & ~07777) | (permissions & 07777),
        links,
        uid,
        gid,
        device,
        size,
        allocated,
        accessed,
        modified,
        changed,
        born,
        parent,
        target);
  }

  /** The same with this owner and group. */
  public Inode withOwner(int newUid, int newGid) {
    return new Inode(
        mode, links, newUid, newGid, device, size, allocated, accessed, modified, changed, born,
        parent, target);
  }

  /** The same with this many links. */
  public Inode withLinks(int newLinks) {
    return new Inode(
        mode, newLinks, uid, gid, device, size, allocated, accessed, modified, changed, born,
        parent, target);
  }

  /** The same with this size. */
  public Inode withSize(long newSize) {
    return new Inode(
        mode, links, uid, gid, device, newSize, allocated, accessed, modified, changed, born,
        parent, target);
  }

  /** The same with this many bytes in extents. */
  public Inode withAllocated(long newAllocated) {
    return new Inode(
        mode,
        links,
        uid,
        gid,
        device,
        size,
        newAllocated,
        accessed,
        modified,
        changed,
        born,
        parent,
        target);
  }

  /** The same with these times. */
  public Inode withTimes(Timestamp newAccessed, Timestamp newModified, Timestamp newChanged) {
    return new Inode(
        mode,
        links,
        uid,
        gid,
        device,
        size,
        allocated,
        newAccessed,
        newModified,
        newChanged,
        born,
        parent,
        target);
  }

  /** The same, its bytes changed at {@code now}. */
  public Inode modifiedAt(Timestamp now) {
    return withTimes(accessed, now, now);
  }

  /** The same, changed in anything but its bytes at {@code now}. */
  public Inode changedAt(Timestamp now) {
    return withTimes(accessed, modified, now);
  }

  /** The same, held by another directory. */
  public Inode withParent(Ino newParent) {
    return new Inode(
        mode, links, uid, gid, device, size, allocated, accessed, modified, changed, born,
        newParent, target);
  }

  /** The value in the tree. */
  public byte[] encode() {
    RecordWriter out = new RecordWriter(64 + target.length());
    write(out);
    return out.toBytes();
  }

  /** The inode in a value of the tree. */
  public static Inode decode(byte[] value) throws MalformedRecord {
    return RecordReader.whole("inode", value, Inode::read);
  }

  void write(RecordWriter out) {
    out.u8(VERSION).varint(mode).varint(links).u32(uid).u32(gid).u32(device);
    out.varint(size).varint(allocated);
    out.zigzag(born.seconds()).varint(born.nanos());
    int flags =
        (accessed.equals(born) ? ACCESSED_AT_BIRTH : 0)
            | (modified.equals(born) ? MODIFIED_AT_BIRTH : 0)
            | (changed.equals(modified) ? CHANGED_WHEN_MODIFIED : 0)
            | (parent != null && type() != FileType.DIRECTORY ? PARENT_OF_OTHERS : 0);
    out.u8(flags);
    writeTime(out, flags & ACCESSED_AT_BIRTH, accessed);
    writeTime(out, flags & MODIFIED_AT_BIRTH, modified);
    writeTime(out, flags & CHANGED_WHEN_MODIFIED, changed);
    if (parent != null) {
      out.varint(parent.value());
    }
    if (type() == FileType.SYMLINK) {
      out.string(target);
    }
  }

  private void writeTime(RecordWriter out, int leftOut, Timestamp time) {
    if (leftOut == 0) {
      // The difference may wrap around; reading it back wraps it around again.
      out.zigzag(time.seconds() - born.seconds()).varint(time.nanos());
    }
  }

  static Inode read(RecordReader in) throws MalformedRecord {
    int version = in.u8();
    if (version != VERSION) {
      throw in.malformed("version " + version + ", this Strata reads " + VERSION);
    }
    int mode = in.u32();
    int links = in.u32();
    int uid = in.u32();
    int gid = in.u32();
    int device = in.u32();
    long size = in.count();
    long allocated = in.count();
    Timestamp born = new Timestamp(in.zigzag(), in.u32());
    int flags = in.u8();
    if (flags > FLAGS) {
      throw in.malformed("flags " + flags);
    }
    Timestamp accessed = readTime(in, flags & ACCESSED_AT_BIRTH, born, born);
    Timestamp modified = readTime(in, flags & MODIFIED_AT_BIRTH, born, born);
    Timestamp changed = readTime(in, flags & CHANGED_WHEN_MODIFIED, born, modified);
    FileType type = FileType.ofMode(mode);
    boolean ofOthers = (flags & PARENT_OF_OTHERS) != 0;
    if (ofOthers && type == FileType.DIRECTORY) {
      throw in.malformed("flags of a directory: " + flags);
    }
    return new Inode(
        mode,
        links,
        uid,
        gid,
        device,
        size,
        allocated,
        accessed,
        modified,
        changed,
        born,
        type == FileType.DIRECTORY || ofOthers ? in.ino() : null,
        type == FileType.SYMLINK ? in.string(TARGET_BYTES_MAX) : ByteString.EMPTY);
  }

  private static Timestamp readTime(
      RecordReader in, int leftOut, Timestamp born, Timestamp otherwise) throws MalformedRecord {
    if (leftOut != 0) {
      return otherwise;
    }
    Timestamp time = new Timestamp(born.seconds() + in.zigzag(), in.u32());
    if (time.equals(otherwise)) {
      throw in.malformed("a time that its flag leaves out");
    }
    return time;
  }
}
