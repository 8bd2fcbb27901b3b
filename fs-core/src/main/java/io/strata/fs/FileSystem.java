package io.strata.fs;

import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mounted volume's files, one method an operation of POSIX.
 *
 * <p>Safe for any number of threads; every operation is atomic with respect to all others, and after
 * a crash either wholly there or not at all. Permission bits are checked by the kernel in front
 * (FUSE {@code default_permissions}), not here; everything else that POSIX demands is.
 *
 * <p>Names of inodes and handles that do not exist end in {@link Errno#ESTALE} and {@link
 * Errno#EBADF}. An operation that may not wait ({@link Caller#mayWait}) and would have to throws
 * {@link WouldBlock}, a subtype of {@link FsException}, having changed nothing. A thread interrupted
 * while it waits gets {@link Errno#EINTR}.
 *
 * <p>{@code flags} are those of {@code open(2)} on x86-64 Linux ({@link OpenFlags}).
 */
public interface FileSystem {
  /** Finds an entry of a directory; ENOENT if there is none. */
  Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException;

  /** The directory that holds directory {@code ino}; the root's is itself. */
  Attributes parent(Caller caller, Ino ino) throws FsException;

  /** Tells an inode's attributes. */
  Attributes attributes(Caller caller, Ino ino) throws FsException;

  /** Changes attributes, all or none. {@code handle} is 0 if the caller has none open. */
  Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException;

  /** The target of a symbolic link, 1 to 4095 bytes. */
  byte[] readLink(Caller caller, Ino ino) throws FsException;

  /** Makes a file, directory, fifo, socket or device under a name that is free, else EEXIST. */
  Attributes make(Caller caller, Ino parent, FileName name, NewNode node) throws FsException;

  /** Makes a symbolic link. */
  Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target) throws FsException;

  /** Gives an inode that is no directory another name. */
  Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName) throws FsException;

  /** Removes a name; the inode goes with its last name and last open handle. */
  void unlink(Caller caller, Ino parent, FileName name) throws FsException;

  /** Removes an empty directory. */
  void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException;

  /** Renames atomically. */
  void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException;

  /** Opens a regular file (O_TRUNC is obeyed) and returns a handle greater than 0. */
  long open(Caller caller, Ino ino, int flags) throws FsException;

  /** Makes and opens a regular file; EEXIST with O_EXCL, else opens what is there. */
  Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException;

  /** Makes and opens a regular file without a name (O_TMPFILE). */
  Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags) throws FsException;

  /**
   * Reads into {@code target} and returns how many bytes there were: fewer than its size only at the
   * end of the file.
   */
  int read(Caller caller, long handle, long offset, MemorySegment target) throws FsException;

  /**
   * Writes all of {@code source}, which may be reused when this returns; with O_APPEND in the
   * handle's flags and no kernel that knows the length, see {@link #append}. Returns how many bytes
   * are written: all, unless a failure met a write that replaces more than 512 extents.
   *
   * @param clearSetId whether set-id bits are to be cleared by this write
   */
  int write(Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException;

  /** Writes at the end of the file, atomically between writers, and returns the offset used. */
  long append(Caller caller, long handle, MemorySegment source) throws FsException;

  /** {@code fallocate(2)}: mode 0, KEEP_SIZE, PUNCH_HOLE and ZERO_RANGE. Space is never reserved. */
  void allocate(Caller caller, long handle, long offset, long length, int mode) throws FsException;

  /** {@code lseek(2)} with SEEK_DATA (3) or SEEK_HOLE (4); ENXIO past the end. */
  long seek(Caller caller, long handle, long offset, int whence) throws FsException;

  /** Copies bytes within the volume by sharing extents; returns how many. */
  long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException;

  /** Called at each close of a descriptor; nothing needs to be durable yet. */
  void flush(Caller caller, long handle) throws FsException;

  /**
   * Makes everything that was done to the file or directory, and before it, durable. Fails with EIO
   * once a handle if a crash has lost writes to the inode since it was opened, or before and nobody
   * had been told by then.
   */
  void sync(Caller caller, long handle, boolean dataOnly) throws FsException;

  /** Makes everything durable. */
  void syncAll(Caller caller) throws FsException;

  /**
   * Takes up a handle of a file or directory that was opened under an earlier owner of the volume
   * and has not been released since. From then on it is as if it had been opened here: it keeps an
   * inode without names, and is released as others are. Does nothing if it is taken up already.
   *
   * <p>EBADF unless the number is one that an earlier owner can have made for such an inode, ESTALE
   * if there is no such inode any more.
   *
   * @param claim what is known of it
   */
  default void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    throw new FsException(Errno.EBADF, "no handle " + handle);
  }

  /** Ends a handle of a file; its inode goes if it has no name any more. */
  void release(long handle) throws FsException;

  /** Opens a directory. */
  long openDirectory(Caller caller, Ino ino) throws FsException;

  /**
   * Hands out entries from {@code cookie} on (0: from the first) until the reader refuses one or
   * there are no more. An entry that neither comes nor goes while the directory is read is seen
   * exactly once.
   *
   * @param cookie 0 or one that this very handle has handed out, however long ago; cookies of other
   *     handles mean nothing here and may be refused with EINVAL. A cookie from before the handle was
   *     {@link #adopt adopted} leads on behind its name if that is still there; if not, entries may
   *     be seen again, and none is missed
   * @param withAttributes whether to look up each entry's attributes too
   */
  void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException;

  /** Ends a handle of a directory. */
  void releaseDirectory(long handle) throws FsException;

  /** The value of an extended attribute, 0 to 65,536 bytes; null if there is none. */
  byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException;

  /** Names of all extended attributes, in order. */
  List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException;

  /** Sets one; {@code flags} are XATTR_CREATE (1, EEXIST) and XATTR_REPLACE (2, ENODATA). */
  void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException;

  /** Removes one; ENODATA if there is none. */
  void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException;

  /**
   * The caller's kernel has dropped an inode from its cache. It may ask for it again, by a number
   * that it kept in a file handle.
   */
  default void forgotten(Caller caller, Ino ino) {}

  /** How full the volume is. */
  SpaceUse spaceUse(Caller caller) throws FsException;

  /** How full that is which an inode is in: the volume, unless the inode is in a snapshot. */
  default SpaceUse spaceUse(Caller caller, Ino ino) throws FsException {
    return spaceUse(caller);
  }
}
