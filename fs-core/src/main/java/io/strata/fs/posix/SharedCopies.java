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
import java.util.List;

/**
 * Copies bytes within the volume by letting two files refer to the same ones: they never change, so
 * nobody can tell. Each file is charged for them.
 */
final class SharedCopies {
  /** Extents that one group puts at most. */
  private static final int PUT_MAX = 512;

  private final Engine engine;

  SharedCopies(Engine engine) {
    this.engine = engine;
  }

  /** What is to be copied, from {@code fromOffset} on. */
  private record Section(Ino from, long fromOffset, Ino to, long toOffset, long length) {
    Section after(long done) {
      return new Section(from, fromOffset + done, to, toOffset + done, length - done);
    }
  }

  long copy(
      Caller caller,
      FileHandle from,
      long fromOffset,
      FileHandle to,
      long toOffset,
      long length)
      throws FsException {
    to.requireWritable();
    FileSize.requireRange(fromOffset, 0);
    FileSize.requireRange(toOffset, length);
    if (from.ino().equals(to.ino())
        && Math.abs(fromOffset - toOffset) < length) {
      throw new FsException(Errno.EINVAL, "a copy onto itself");
    }
    if (to.isSynchronous() && !caller.mayWait()) {
      throw new WouldBlock();
    }
    // As of now: a copy that makes its own source longer must not follow it.
    long size = engine.read(caller, metadata -> new Tree(metadata).file(from.ino())).size();
    long there = Math.min(length, size - fromOffset);
    if (there <= 0) {
      return 0;
    }
    Section all = new Section(from.ino(), fromOffset, to.ino(), toOffset, there);
    long done = copyAll(caller, all);
    if (to.isSynchronous()) {
      engine.sync(caller);
    }
    return done;
  }

  private long copyAll(Caller caller, Section all) throws FsException {
    long done = copySome(caller, all);
    for (long step = done; step > 0 && done < all.length && caller.mayWait(); done += step) {
      try {
        step = copySome(caller, all.after(done));
      } catch (FsException e) {
        // A part is copied and says so; whoever asks for the rest meets the failure.
        return done;
      }
    }
    return done;
  }

  private long copySome(Caller caller, Section section) throws FsException {
    return engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          return edit.change(copySome(edit, section));
        });
  }

  /** Copies what fits into one group and returns how many bytes that is. */
  private static long copySome(Edit edit, Section section) throws PageMissing, FsException {
    Tree tree = edit.tree();
    Inode source = tree.file(section.from);
    Inode inode = tree.file(section.to);
    long length = Math.min(section.length, source.size() - section.fromOffset);
    if (length <= 0) {
      return 0;
    }
    long end = section.fromOffset + length;
    List<Extent> shared = tree.extentsOver(section.from, section.fromOffset, end, PUT_MAX + 1);
    if (shared.size() > PUT_MAX) {
      end = shared.removeLast().fileOffset();
    }
    ExtentEdit extents = new ExtentEdit(tree, section.to);
    long move = section.toOffset - section.fromOffset;
    end = extents.clear(section.toOffset, end + move) - move;
    for (Extent extent : shared) {
      if (extent.fileOffset() < end) {
        Extent part =
            extent.part(
                Math.max(section.fromOffset, extent.fileOffset()), Math.min(end, extent.end()));
        extents.add(
            new Extent(
                part.fileOffset() + move, part.length(), part.nonce(), part.logicalOffset()));
      }
    }
    tree.requireSpace(extents.allocatedMore());
    extents.addTo(edit);
    edit.put(
        section.to,
        inode
            .withSize(Math.max(inode.size(), end + move))
            .withAllocated(inode.allocated() + extents.allocatedMore())
            .modifiedAt(edit.now()));
    return end - section.fromOffset;
  }
}
