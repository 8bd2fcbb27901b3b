package io.strata.tests.crash;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Outdated;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Does steps on a volume. */
final class VolumeSteps {
  private static final Caller CALLER = Caller.ROOT;

  /** What a store or a volume that has gone answers; anything else is a rule of POSIX. */
  private static final Set<Errno> BROKEN = Set.of(Errno.EIO, Errno.EINTR, Errno.ESTALE);

  private final Volume volume;
  private final FileSystem files;

  VolumeSteps(Volume volume) {
    this.volume = volume;
    this.files = volume.fileSystem();
  }

  /**
   * Does a step, which may turn out to be against the rules and then changes nothing.
   *
   * @return whether the volume did not refuse it for its snapshots
   * @throws IOException if the volume cannot go on
   */
  boolean apply(Step step) throws IOException {
    try {
      change(step);
    } catch (VolumeException e) {
      if (e.reason() != VolumeException.Reason.REFUSED) {
        throw e;
      }
      return false;
    } catch (FsException e) {
      if (BROKEN.contains(e.errno())) {
        throw new IOException(step + ": " + e.getMessage(), e);
      }
    }
    return true;
  }

  private void change(Step step) throws FsException, IOException {
    switch (step) {
      case Step.MakeFile make -> make(make.path(), FileType.REGULAR.code() << 12 | 0644);
      case Step.MakeDirectory make -> make(make.path(), FileType.DIRECTORY.code() << 12 | 0755);
      case Step.MakeSymlink make ->
          files.symlink(
              CALLER,
              parent(make.path()),
              name(make.path()),
              make.target().getBytes(StandardCharsets.UTF_8));
      case Step.Link link ->
          files.link(CALLER, find(link.path()).ino(), parent(link.newPath()), name(link.newPath()));
      case Step.Write write -> {
        long handle = open(write.path(), OpenFlags.READ_WRITE);
        try {
          MemorySegment bytes = MemorySegment.ofArray(ModelTree.bytes(write));
          files.write(CALLER, handle, write.offset(), bytes, false);
        } finally {
          files.release(handle);
        }
      }
      case Step.Truncate truncate -> {
        Attributes attributes = find(truncate.path());
        if (attributes.type() == FileType.REGULAR) {
          files.change(CALLER, attributes.ino(), AttributeChange.size(truncate.size()), 0);
        }
      }
      case Step.SetAttribute set -> {
        Attributes attributes = find(set.path());
        if (attributes.type() != FileType.SYMLINK) {
          files.setExtendedAttribute(
              CALLER,
              attributes.ino(),
              set.name().getBytes(StandardCharsets.UTF_8),
              set.value().getBytes(StandardCharsets.UTF_8),
              0);
        }
      }
      case Step.Hold hold -> open(hold.path(), OpenFlags.READ_ONLY);
      case Step.Remove remove -> files.unlink(CALLER, parent(remove.path()), name(remove.path()));
      case Step.RemoveDirectory remove ->
          files.removeDirectory(CALLER, parent(remove.path()), name(remove.path()));
      case Step.Rename rename ->
          files.rename(
              CALLER,
              parent(rename.path()),
              name(rename.path()),
              parent(rename.newPath()),
              name(rename.newPath()),
              rename.mode());
      case Step.Sync sync -> files.syncAll(CALLER);
      case Step.Checkpoint checkpoint -> volume.checkpoint();
      case Step.Collect collect -> volume.collectGarbage(looked -> {});
      case Step.Gather gather -> volume.gather();
      case Step.Snapshot snapshot -> volume.snapshots().create(snapshot.name());
      case Step.Forget forget -> volume.snapshots().delete(List.of(forget.name()));
      case Step.Rollback rollback ->
          volume.snapshots().rollback(StatePoint.parse(rollback.name()), Outdated.NOBODY);
    }
  }

  private void make(String path, int mode) throws FsException {
    files.make(CALLER, parent(path), name(path), new NewNode(mode, 0));
  }

  private long open(String path, int flags) throws FsException {
    Attributes attributes = find(path);
    if (attributes.type() != FileType.REGULAR) {
      throw new FsException(Errno.EISDIR, path + " is no file");
    }
    return files.open(CALLER, attributes.ino(), flags);
  }

  private Attributes find(String path) throws FsException {
    return files.lookup(CALLER, parent(path), name(path));
  }

  private Ino parent(String path) throws FsException {
    Ino ino = Ino.ROOT;
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      Attributes attributes = files.lookup(CALLER, ino, FileName.of(parts[i]));
      if (attributes.type() != FileType.DIRECTORY) {
        throw new FsException(Errno.ENOTDIR, path);
      }
      ino = attributes.ino();
    }
    return ino;
  }

  private static FileName name(String path) {
    return FileName.of(path.substring(path.lastIndexOf('/') + 1));
  }
}
