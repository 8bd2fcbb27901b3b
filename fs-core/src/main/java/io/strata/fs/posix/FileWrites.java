package io.strata.fs.posix;

import io.strata.fs.WouldBlock;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes files. The bytes are appended to the open segment first, outside any lock; then one group
 * changes the extents and the inode.
 */
final class FileWrites {
  private final Engine engine;

  FileWrites(Engine engine) {
    this.engine = engine;
  }

  int write(
      Caller caller, FileHandle file, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    file.requireWritable();
    requireLength(source);
    FileSize.requireRange(offset, source.byteSize());
    if (source.byteSize() == 0) {
      return 0;
    }
    requireSyncPossible(caller, file);
    rehearse(caller, file.ino(), offset, source.byteSize());
    long done;
    try (AppendedRuns data = AppendedRuns.append(engine, caller, source, file.ino(), offset)) {
      done = put(caller, file.ino(), data.extents(), offset, source.byteSize(), clearSetId);
    }
    syncIfAsked(caller, file);
    return Math.toIntExact(done);
  }

  /** Puts new extents into a file, in one group unless they replace very many. */
  private long put(
      Caller caller, Ino ino, List<Extent> data, long offset, long length, boolean clearSetId)
      throws FsException {
    long end = offset + length;
    long at = offset;
    while (at < end) {
      long from = at;
      try {
        at =
            engine.write(
                caller,
                (metadata, now) -> {
                  Edit edit = new Edit(metadata, now);
                  return edit.change(put(edit, ino, data, from, end, clearSetId));
                });
      } catch (FsException e) {
        if (from == offset) {
          throw e;
        }
        // A part is written and says so; whoever writes the rest meets the failure.
        return from - offset;
      }
    }
    return length;
  }

  long append(Caller caller, FileHandle file, MemorySegment source) throws FsException {
    file.requireWritable();
    requireLength(source);
    requireSyncPossible(caller, file);
    Ino ino = file.ino();
    long guess = engine.read(caller, metadata -> new Tree(metadata).file(ino)).size();
    if (source.byteSize() == 0) {
      return guess;
    }
    FileSize.requireRange(guess, source.byteSize());
    rehearse(caller, ino, guess, source.byteSize());
    long offset;
    try (AppendedRuns data = AppendedRuns.append(engine, caller, source, ino, guess)) {
      offset =
          engine.write(
              caller,
              (metadata, now) -> {
                Edit edit = new Edit(metadata, now);
                // Another writer may have been faster; only now is it certain where the end is.
                long size = edit.inode(ino).size();
                FileSize.requireRange(size, source.byteSize());
                put(
                    edit,
                    ino,
                    data.movedBy(size - guess),
                    size,
                    size + source.byteSize(),
                    false);
                return edit.change(size);
              });
    }
    syncIfAsked(caller, file);
    return offset;
  }

  /**
   * Meets beforehand what could end the operation after its bytes were appended: they would lie in
   * the segment for nothing.
   */
  private void rehearse(Caller caller, Ino ino, long offset, long length) throws FsException {
    engine.read(
        caller,
        metadata -> {
          Tree tree = new Tree(metadata);
          Inode inode = tree.file(ino);
          tree.extentBefore(ino, offset);
          tree.extentsFrom(ino, offset, offset + length, 1);
          tree.requireSpace(offset + length - Math.max(offset, inode.size()));
          return inode;
        });
  }

  /**
   * Puts new extents into a file.
   *
   * @return how far they are put: {@code to}, or less if they replace very many
   */
  private static long put(
      Edit edit, Ino ino, List<Extent> data, long from, long to, boolean clearSetId)
      throws PageMissing, FsException {
    Inode inode = edit.tree().file(ino);
    ExtentEdit extents = new ExtentEdit(edit.tree(), ino);
    long end = extents.clear(from, to);
    for (Extent extent : data) {
      if (extent.end() > from && extent.fileOffset() < end) {
        extents.add(extent.part(Math.max(from, extent.fileOffset()), Math.min(end, extent.end())));
      }
    }
    edit.tree().requireSpace(extents.allocatedMore());
    extents.addTo(edit);
    if (clearSetId) {
      inode = SetId.clear(edit, ino, inode);
    }
    edit.put(
        ino,
        inode
            .withSize(Math.max(inode.size(), end))
            .withAllocated(inode.allocated() + extents.allocatedMore())
            .modifiedAt(edit.now()));
    return end;
  }

  private static void requireLength(MemorySegment source) throws FsException {
    if (source.byteSize() > Integer.MAX_VALUE) {
      throw new FsException(Errno.EINVAL, "a write of " + source.byteSize() + " bytes");
    }
  }

  /** A synchronous write waits in any case: better before it has changed anything. */
  private static void requireSyncPossible(Caller caller, FileHandle file) throws WouldBlock {
    if (file.isSynchronous() && !caller.mayWait()) {
      throw new WouldBlock();
    }
  }

  private void syncIfAsked(Caller caller, FileHandle file) throws FsException {
    if (file.isSynchronous()) {
      engine.sync(caller);
      file.tellLoss();
    }
  }
}
