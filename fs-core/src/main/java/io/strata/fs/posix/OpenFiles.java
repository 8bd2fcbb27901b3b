package io.strata.fs.posix;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.HandleNumber;
import io.strata.fs.Inheritance;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import org.jspecify.annotations.Nullable;

/** Opens and closes files and directories. */
final class OpenFiles {
  private final Engine engine;
  private final Handles handles;
  private final Inheritance inheritance;
  private final Orphans orphans;
  private final Names names;
  private final AttributeEdits attributeEdits;

  OpenFiles(
      Engine engine,
      Handles handles,
      Inheritance inheritance,
      Orphans orphans,
      Names names,
      AttributeEdits attributeEdits) {
    this.engine = engine;
    this.handles = handles;
    this.inheritance = inheritance;
    this.orphans = orphans;
    this.names = names;
    this.attributeEdits = attributeEdits;
  }

  /** Gives an inode that is held a handle, or fails. */
  @FunctionalInterface
  private interface Opening<T> {
    T run(boolean alreadyHeld) throws FsException;
  }

  Opened open(Caller caller, Ino ino, int flags) throws FsException {
    requireAccess(flags);
    return holding(
        ino,
        alreadyHeld -> {
          Inode inode = existing(caller, ino, alreadyHeld);
          requireOpenable(ino, inode.type());
          Attributes attributes = Attributes.of(ino, inode);
          if ((flags & OpenFlags.TRUNCATE) != 0) {
            attributes = attributeEdits.change(caller, ino, AttributeChange.size(0));
          }
          return new Opened(attributes, add(ino, flags));
        });
  }

  Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    requireRegular(node);
    requireAccess(flags);
    boolean mustBeNew = (flags & OpenFlags.EXCLUSIVE) != 0;
    while (true) {
      try {
        return make(caller, parent, name, node, flags);
      } catch (FsException e) {
        if (mustBeNew || e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
      try {
        return open(caller, names.lookup(caller, parent, name).ino(), flags);
      } catch (FsException e) {
        // What had the name a moment ago may be gone: then the file can be made after all.
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.ESTALE) {
          throw e;
        }
      }
    }
  }

  Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags) throws FsException {
    requireRegular(node);
    requireAccess(flags);
    Ino ino = engine.newIno();
    return holding(
        ino,
        alreadyHeld -> {
          Attributes attributes = names.makeUnnamed(caller, ino, parent, node);
          handles.markOrphan(ino);
          return new Opened(attributes, add(ino, flags));
        });
  }

  void release(long handle) throws FsException {
    orphans.letGo(handles.removeFile(handle).ino());
  }

  long openDirectory(Caller caller, Ino ino) throws FsException {
    return holding(
        ino,
        alreadyHeld -> {
          if (existing(caller, ino, alreadyHeld).type() != FileType.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR, "inode " + ino + " is no directory");
          }
          long handle = handles.newDirectory();
          handles.add(
              handle,
              new DirectoryHandle(ino, new DirectoryCookies(engine.epoch()), untold(ino, handle)));
          return handle;
        });
  }

  void releaseDirectory(long handle) throws FsException {
    orphans.letGo(handles.removeDirectory(handle).ino());
  }

  /** Takes up a handle of an earlier epoch, unless that is done already. */
  void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    HandleNumber number = handles.earlier(handle);
    if (handles.isOpen(handle)) {
      return;
    }
    UntoldLoss untold = new UntoldLoss(inheritance, ino, handle, claim.lostWrites());
    boolean added =
        holding(
            ino,
            alreadyHeld -> {
              // That it is open keeps it: it may well have no name any more.
              Inode inode = engine.read(caller, metadata -> new Tree(metadata).inode(ino));
              FileType expected = number.directory() ? FileType.DIRECTORY : FileType.REGULAR;
              if (inode.type() != expected) {
                throw new FsException(Errno.EBADF, "inode " + ino + " is no " + expected);
              }
              if (inode.links() == 0) {
                handles.markOrphan(ino);
              }
              return number.directory()
                  ? handles.add(
                      handle,
                      new DirectoryHandle(ino, DirectoryCookies.adopted(engine.epoch()), untold))
                  : handles.add(
                      handle, new FileHandle(ino, number.flags(), new ReadAhead(), untold));
            });
    if (!added) {
      orphans.letGo(ino);
    }
  }

  private Opened make(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    Ino ino = engine.newIno();
    return holding(
        ino,
        alreadyHeld -> {
          Attributes made = names.make(caller, ino, parent, name, node, ByteString.EMPTY);
          return new Opened(made, add(ino, flags));
        });
  }

  private <T> T holding(Ino ino, Opening<T> opening) throws FsException {
    boolean alreadyHeld = handles.hold(ino);
    boolean opened = false;
    try {
      T result = opening.run(alreadyHeld);
      opened = true;
      return result;
    } finally {
      if (!opened) {
        orphans.letGo(ino);
      }
    }
  }

  /** An inode that can be opened: it has a name, or somebody has kept it since it had one. */
  private Inode existing(Caller caller, Ino ino, boolean alreadyHeld) throws FsException {
    Inode inode = engine.read(caller, metadata -> new Tree(metadata).inode(ino));
    if (inode.links() > 0) {
      return inode;
    }
    // Letting go of it must remove it: whoever was removing it has stopped, seeing it held.
    handles.markOrphan(ino);
    if (!alreadyHeld && !inheritance.mayBeHeld(ino)) {
      throw new FsException(Errno.ESTALE, "inode " + ino + " is being removed");
    }
    return inode;
  }

  private long add(Ino ino, int flags) throws FsException {
    long handle = handles.newFile(flags);
    handles.add(handle, new FileHandle(ino, flags, new ReadAhead(), untold(ino, handle)));
    return handle;
  }

  private @Nullable UntoldLoss untold(Ino ino, long handle) {
    return inheritance.lostWrites(ino)
        ? new UntoldLoss(inheritance, ino, handle, () -> inheritance.hasLost(ino))
        : null;
  }

  private static void requireOpenable(Ino ino, FileType type) throws FsException {
    Errno errno =
        switch (type) {
          case REGULAR -> null;
          case DIRECTORY -> Errno.EISDIR;
          case SYMLINK -> Errno.ELOOP;
          case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> Errno.ENXIO;
        };
    if (errno != null) {
      throw new FsException(errno, "inode " + ino + " is no regular file");
    }
  }

  /** Linux has a fourth mode, for ioctl(2) alone, of which there is none here. */
  private static void requireAccess(int flags) throws FsException {
    if ((flags & OpenFlags.ACCESS_MASK) == OpenFlags.ACCESS_MASK) {
      throw new FsException(Errno.EINVAL, "files are opened to be read or written");
    }
  }

  private static void requireRegular(NewNode node) throws FsException {
    int type = node.mode() >>> 12 & 0xf;
    if (type != 0 && type != FileType.REGULAR.code()) {
      throw new FsException(Errno.EINVAL, "only regular files are made and opened in one step");
    }
  }
}
