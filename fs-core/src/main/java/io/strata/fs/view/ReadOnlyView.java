package io.strata.fs.view;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.HandleNumber;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;

/** Refuses whatever would change the volume with EROFS; reading changes no access time either. */
final class ReadOnlyView extends ForwardingFileSystem {
  ReadOnlyView(FileSystem to) {
    super(to);
  }

  private static FsException refused() {
    return new FsException(Errno.EROFS, "this view is read-only");
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    throw refused();
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    throw refused();
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    throw refused();
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    throw refused();
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    throw refused();
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    throw refused();
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    throw refused();
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    if (OpenFlags.writes(flags) || (flags & OpenFlags.TRUNCATE) != 0) {
      throw refused();
    }
    return to.open(caller, ino, flags | OpenFlags.NO_ACCESS_TIME);
  }

  /** A kernel asks for this where it knows of no such file; somebody else may have made it. */
  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    Attributes there;
    try {
      there = to.lookup(caller, parent, name);
    } catch (FsException e) {
      throw e.errno() == Errno.ENOENT ? refused() : e;
    }
    if ((flags & OpenFlags.EXCLUSIVE) != 0) {
      throw new FsException(Errno.EEXIST, name + " exists");
    }
    return new Opened(there, open(caller, there.ino(), flags));
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    throw refused();
  }

  /** It opens nothing to write, so it has made no such handle. */
  @Override
  public void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    boolean writes =
        HandleNumber.decode(handle)
            .filter(number -> OpenFlags.writes(number.flags()))
            .isPresent();
    if (writes) {
      throw refused();
    }
    to.adopt(caller, ino, handle, claim);
  }

  @Override
  public int write(
      Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    throw refused();
  }

  @Override
  public long append(Caller caller, long handle, MemorySegment source) throws FsException {
    throw refused();
  }

  @Override
  public void allocate(Caller caller, long handle, long offset, long length, int mode)
      throws FsException {
    throw refused();
  }

  @Override
  public long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException {
    throw refused();
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    throw refused();
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    throw refused();
  }
}
