package io.strata.fs.posix;

import io.strata.fs.WouldBlock;
import io.strata.fs.SegmentGone;
import io.strata.fs.Caller;
import io.strata.fs.DataRun;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.OpenFlags;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files: looks up where the bytes are, fills holes with zeros, gets the rest. */
final class FileReads {
  /** Segments are deleted long after they were overwritten: more than a few in a row is a fault. */
  private static final int TRIES_MAX = 16;

  /** Extents that are looked up at once. */
  private static final int EXTENTS_MAX = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(FileReads.class);

  private final Engine engine;
  private final AccessTimes accessTimes;

  FileReads(Engine engine, AccessTimes accessTimes) {
    this.engine = engine;
    this.accessTimes = accessTimes;
  }

  /**
   * What a read will find.
   *
   * @param inode the file
   * @param length bytes from the offset on, up to what was asked for
   * @param extents where they are; what no extent covers is zeros
   */
  private record Plan(Inode inode, long length, List<Extent> extents) {
    static Plan of(Tree tree, Ino ino, long offset, long wanted) throws PageMissing, FsException {
      Inode inode = tree.file(ino);
      long length = Math.max(0, Math.min(wanted, inode.size() - offset));
      List<Extent> extents = tree.extentsOver(ino, offset, offset + length, EXTENTS_MAX);
      if (extents.size() == EXTENTS_MAX) {
        // Very fragmented: this much now, the rest in another round.
        length = Math.min(length, extents.getLast().end() - offset);
      }
      return new Plan(inode, length, extents);
    }
  }

  int read(Caller caller, FileHandle file, long offset, MemorySegment target) throws FsException {
    if (offset < 0) {
      throw new FsException(Errno.EINVAL, "no such offset: " + offset);
    }
    if (target.byteSize() > Integer.MAX_VALUE) {
      throw new FsException(Errno.EINVAL, "a read of " + target.byteSize() + " bytes");
    }
    long done = 0;
    Plan plan;
    do {
      plan = readSome(caller, file, offset + done, target.asSlice(done));
      done += plan.length;
    } while (plan.length > 0 && done < target.byteSize() && offset + done < plan.inode.size());
    if (done > 0 && (file.flags() & OpenFlags.NO_ACCESS_TIME) == 0) {
      accessTimes.afterRead(file.ino(), plan.inode);
    }
    return Math.toIntExact(done);
  }

  private Plan readSome(Caller caller, FileHandle file, long offset, MemorySegment target)
      throws FsException {
    Ino ino = file.ino();
    for (int tries = 1; ; tries++) {
      Plan plan =
          engine.read(
              caller, metadata -> Plan.of(new Tree(metadata), ino, offset, target.byteSize()));
      if (plan.length > 0) {
        readAhead(file, offset, plan.length, plan.inode.size());
      }
      try {
        fill(caller, plan, offset, target.asSlice(0, plan.length));
        return plan;
      } catch (SegmentGone e) {
        if (tries == TRIES_MAX) {
          throw new FsException(Errno.EIO, "inode " + ino + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private void fill(Caller caller, Plan plan, long offset, MemorySegment target)
      throws FsException, SegmentGone {
    List<DataRun> runs = new ArrayList<>(plan.extents.size());
    long end = offset + plan.length;
    long at = offset;
    for (Extent extent : plan.extents) {
      Extent part = extent.part(Math.max(at, extent.fileOffset()), Math.min(end, extent.end()));
      target.asSlice(at - offset, part.fileOffset() - at).fill((byte) 0);
      runs.add(
          new DataRun(
              part.nonce(),
              part.logicalOffset(),
              target.asSlice(part.fileOffset() - offset, part.length())));
      at = part.end();
    }
    target.asSlice(at - offset).fill((byte) 0);
    if (!runs.isEmpty()) {
      engine.fill(caller, runs);
    }
  }

  private void readAhead(FileHandle file, long offset, long length, long fileSize) {
    ReadAhead.Range range =
        file.readAhead().beforeRead(offset, length, fileSize, engine::prefetchRoom);
    if (range == null) {
      return;
    }
    try {
      prefetch(Caller.ROOT.hasty(), file, range);
    } catch (WouldBlock e) {
      engine.background(() -> prefetchWaiting(file, range));
    } catch (FsException e) {
      notAhead(file, e);
    }
  }

  private void prefetchWaiting(FileHandle file, ReadAhead.Range range) {
    try {
      prefetch(Caller.ROOT, file, range);
    } catch (FsException e) {
      notAhead(file, e);
    }
  }

  /** Whoever reads on meets the same failure and is told. */
  private static void notAhead(FileHandle file, FsException e) {
    LOG.debug("inode {} is not read ahead: {}", file.ino(), e.getMessage());
  }

  private void prefetch(Caller caller, FileHandle file, ReadAhead.Range range)
      throws FsException {
    List<Extent> extents =
        engine.read(
            caller,
            metadata ->
                new Tree(metadata).extentsOver(file.ino(), range.from(), range.to(), EXTENTS_MAX));
    List<Extent> parts = new ArrayList<>(extents.size());
    for (Extent extent : extents) {
      long to = Math.min(extent.end(), range.to());
      if (extent.end() > range.to() && file.readAhead().atFullWindow()) {
        to = Math.min(extent.end(), range.to() + ReadAhead.EXTENT_BYTES_MAX);
        file.readAhead().reached(to);
      }
      parts.add(extent.part(Math.max(extent.fileOffset(), range.from()), to));
    }
    engine.prefetch(parts);
  }
}
