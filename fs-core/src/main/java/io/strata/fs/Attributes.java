package io.strata.fs;

import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Timestamp;

/**
 * What {@code statx(2)} tells of an inode.
 *
 * @param ino its number
 * @param mode type and permission bits, as {@code st_mode}
 * @param links names that it has
 * @param uid owner
 * @param gid group
 * @param device {@code st_rdev} of a device, as Linux encodes {@code dev_t} in 32 bits; otherwise 0
 * @param size length in bytes; of a directory the number of its entries
 * @param allocated bytes that are stored, holes left out
 * @param accessed time of the last access
 * @param modified time of the last change of its bytes
 * @param changed time of the last change of anything
 * @param born time of its creation
 */
public record Attributes(
    Ino ino,
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
    Timestamp born) {
  /** What an inode tells. */
  public static Attributes of(Ino ino, Inode inode) {
    return new Attributes(
        ino,
        inode.mode(),
        inode.links(),
        inode.uid(),
        inode.gid(),
        inode.device(),
        inode.size(),
        inode.allocated(),
        inode.accessed(),
        inode.modified(),
        inode.changed(),
        inode.born());
  }

  /** What kind of file it is. */
  public FileType type() {
    return FileType.ofMode(mode);
  }

  /** The same under another number. */
  public Attributes withIno(Ino ino) {
    return new Attributes(
        ino, mode, links, uid, gid, device, size, allocated, accessed, modified, changed, born);
  }

  /** The same with another time of the last change of its bytes. */
  public Attributes withModified(Timestamp modified) {
    return new Attributes(
        ino, mode, links, uid, gid, device, size, allocated, accessed, modified, changed, born);
  }

  /** The same of another owner. */
  public Attributes withOwner(int uid, int gid) {
    return new Attributes(
        ino, mode, links, uid, gid, device, size, allocated, accessed, modified, changed, born);
  }
}
