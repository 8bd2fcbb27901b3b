package io.strata.fs.posix;

import io.strata.fs.WouldBlock;
import io.strata.fs.Caller;
import io.strata.fs.Change;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.util.Optional;

/** How long files may be, and how they become longer and shorter. */
final class FileSize {
  /** The longest file, in bytes: 2^63 less a page, as on Linux. */
  static final long BYTES_MAX = Long.MAX_VALUE - 4095;

  private FileSize() {}

  /** Refuses a range that no file can have. */
  static void requireRange(long offset, long length) throws FsException {
    if (offset < 0 || length < 0) {
      throw new FsException(Errno.EINVAL, "no such range: " + offset + "+" + length);
    }
    if (offset > BYTES_MAX - length) {
      throw new FsException(Errno.EFBIG, "no file reaches to " + offset + "+" + length);
    }
  }

  /**
   * Shortens a file until the rest of the way to {@code size} fits into one group. A file of very
   * many extents takes several groups, each leaving a shorter file: a crash may leave it at any of
   * these lengths.
   */
  static void approach(Engine engine, Caller caller, Ino ino, long size) throws FsException {
    while (!engine.read(caller, metadata -> isNear(new Tree(metadata), ino, size))) {
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      engine.write(caller, (metadata, now) -> shorten(new Edit(metadata, now), ino, size));
    }
  }

  /**
   * Gives a file a length as a part of a group. What is cut off is gone; what is added is a hole.
   *
   * @param inode the file as the group has it so far
   * @return the same with its new length, or nothing if there is too much to cut off for one group
   */
  static Optional<Inode> resize(Edit edit, Ino ino, Inode inode, long size)
      throws PageMissing, FsException {
    ExtentEdit extents = new ExtentEdit(edit.tree(), ino);
    if (extents.clear(size, Long.MAX_VALUE) < Long.MAX_VALUE) {
      return Optional.empty();
    }
    extents.addTo(edit);
    return Optional.of(
        inode.withSize(size).withAllocated(inode.allocated() + extents.allocatedMore()));
  }

  private static boolean isNear(Tree tree, Ino ino, long size) throws PageMissing, FsException {
    int countMax = ExtentEdit.REMOVED_MAX;
    return tree.extentsFrom(ino, size, Long.MAX_VALUE, countMax).size() < countMax;
  }

  private static Change<Long> shorten(Edit edit, Ino ino, long size)
      throws PageMissing, FsException {
    Inode inode = edit.inode(ino);
    ExtentEdit extents = new ExtentEdit(edit.tree(), ino);
    long end = extents.clearBackwards(size);
    extents.addTo(edit);
    edit.put(
        ino,
        inode
            .withSize(Math.min(inode.size(), end))
            .withAllocated(inode.allocated() + extents.allocatedMore())
            .modifiedAt(edit.now()));
    return edit.change(end);
  }
}
