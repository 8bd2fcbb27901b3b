package io.strata.fs.posix;

import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.util.List;

/** Works on extents without touching bytes: {@code fallocate}, {@code lseek}, copies by sharing. */
final class FileSpace {
  private static final int KEEP_SIZE = 0x01;
  private static final int PUNCH_HOLE = 0x02;
  private static final int ZERO_RANGE = 0x10;

  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private static final int EXTENTS_MAX = 1024;

  private final Engine engine;

  FileSpace(Engine engine) {
    this.engine = engine;
  }

  void allocate(Caller caller, FileHandle file, long offset, long length, int mode)
      throws FsException {
    file.requireWritable();
    if (length == 0) {
      throw new FsException(Errno.EINVAL, "an allocation of 0 bytes");
    }
    FileSize.requireRange(offset, length);
    boolean keepsSize = (mode & KEEP_SIZE) != 0;
    switch (mode & ~KEEP_SIZE) {
      case 0 -> reserve(caller, file.ino(), offset, length, keepsSize);
      case ZERO_RANGE -> zero(caller, file.ino(), offset, length, keepsSize);
      case PUNCH_HOLE -> {
        if (!keepsSize) {
          throw unsupported(mode);
        }
        zero(caller, file.ino(), offset, length, true);
      }
      default -> throw unsupported(mode);
    }
  }

  long seek(Caller caller, FileHandle file, long offset, int whence) throws FsException {
    if (whence != SEEK_DATA && whence != SEEK_HOLE) {
      throw new FsException(Errno.EINVAL, "no such whence: " + whence);
    }
    long at = offset;
    while (true) {
      long from = at;
      Sought sought =
          engine.read(
              caller,
              metadata -> Sought.of(new Tree(metadata), file.ino(), from, whence == SEEK_DATA));
      if (sought.found) {
        return sought.at;
      }
      at = sought.at;
    }
  }

  /** Where a search has come to. */
  private record Sought(long at, boolean found) {
    static Sought of(Tree tree, Ino ino, long offset, boolean data)
        throws PageMissing, FsException {
      Inode inode = tree.file(ino);
      if (offset < 0 || offset >= inode.size()) {
        throw new FsException(Errno.ENXIO, "inode " + ino + " ends before " + offset);
      }
      List<Extent> extents =
          tree.extentsOver(ino, offset, inode.size(), data ? 1 : EXTENTS_MAX);
      if (data) {
        if (extents.isEmpty()) {
          throw new FsException(Errno.ENXIO, "inode " + ino + " has no data from " + offset);
        }
        return new Sought(Math.max(offset, extents.getFirst().fileOffset()), true);
      }
      long at = offset;
      for (Extent extent : extents) {
        if (extent.fileOffset() > at) {
          return new Sought(at, true);
        }
        at = extent.end();
      }
      return new Sought(at, extents.size() < EXTENTS_MAX || at >= inode.size());
    }
  }

  /** Space comes with the bytes that need it: there is only the length to be set. */
  private void reserve(Caller caller, Ino ino, long offset, long length, boolean keepsSize) throws FsException {
    engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          Inode inode = edit.tree().file(ino);
          // Refuses only what cannot fit whatever part of the range is there already.
          edit.tree().requireSpace(length - inode.allocated());
          if (!keepsSize && offset + length > inode.size()) {
            edit.put(ino, inode.withSize(offset + length).modifiedAt(now));
          }
          return edit.change(true);
        });
  }

  private void zero(Caller caller, Ino ino, long offset, long length, boolean keepsSize)
      throws FsException {
    long at = offset;
    while (at < offset + length) {
      long from = at;
      at =
          engine.write(
              caller,
              (metadata, now) -> {
                Edit edit = new Edit(metadata, now);
                return edit.change(zero(edit, ino, from, offset + length, keepsSize));
              });
    }
  }

  private static long zero(Edit edit, Ino ino, long from, long to, boolean keepsSize)
      throws PageMissing, FsException {
    Inode inode = edit.tree().file(ino);
    ExtentEdit extents = new ExtentEdit(edit.tree(), ino);
    long end = extents.clear(from, to);
    extents.addTo(edit);
    edit.put(
        ino,
        inode
            .withSize(keepsSize ? inode.size() : Math.max(inode.size(), end))
            .withAllocated(inode.allocated() + extents.allocatedMore())
            .modifiedAt(edit.now()));
    return end;
  }

  private static FsException unsupported(int mode) {
    return new FsException(Errno.EOPNOTSUPP, "no such way to allocate: " + mode);
  }
}
