package io.strata.fs.view;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.DirectoryReader;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.NewNode;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes everything on, so that a view names only what it changes. */
abstract class ForwardingFileSystem implements FileSystem {
  final FileSystem to;

  ForwardingFileSystem(FileSystem to) {
    this.to = to;
  }

  @Override
  public Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    return to.lookup(caller, parent, name);
  }

  @Override
  public Attributes parent(Caller caller, Ino ino) throws FsException {
    return to.parent(caller, ino);
  }

  @Override
  public Attributes attributes(Caller caller, Ino ino) throws FsException {
    return to.attributes(caller, ino);
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    return to.change(caller, ino, change, handle);
  }

  @Override
  public byte[] readLink(Caller caller, Ino ino) throws FsException {
    return to.readLink(caller, ino);
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    return to.make(caller, parent, name, node);
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    return to.symlink(caller, parent, name, target);
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    return to.link(caller, ino, newParent, newName);
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    to.unlink(caller, parent, name);
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    to.removeDirectory(caller, parent, name);
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    to.rename(caller, parent, name, newParent, newName, mode);
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    return to.open(caller, ino, flags);
  }

  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    return to.create(caller, parent, name, node, flags);
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    return to.createUnnamed(caller, parent, node, flags);
  }

  @Override
  public int read(Caller caller, long handle, long offset, MemorySegment target)
      throws FsException {
    return to.read(caller, handle, offset, target);
  }

  @Override
  public int write(
      Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    return to.write(caller, handle, offset, source, clearSetId);
  }

  @Override
  public long append(Caller caller, long handle, MemorySegment source) throws FsException {
    return to.append(caller, handle, source);
  }

  @Override
  public void allocate(Caller caller, long handle, long offset, long length, int mode)
      throws FsException {
    to.allocate(caller, handle, offset, length, mode);
  }

  @Override
  public long seek(Caller caller, long handle, long offset, int whence) throws FsException {
    return to.seek(caller, handle, offset, whence);
  }

  @Override
  public long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException {
    return to.copy(caller, fromHandle, fromOffset, toHandle, toOffset, length);
  }

  @Override
  public void flush(Caller caller, long handle) throws FsException {
    to.flush(caller, handle);
  }

  @Override
  public void sync(Caller caller, long handle, boolean dataOnly) throws FsException {
    to.sync(caller, handle, dataOnly);
  }

  @Override
  public void syncAll(Caller caller) throws FsException {
    to.syncAll(caller);
  }

  @Override
  public void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    to.adopt(caller, ino, handle, claim);
  }

  @Override
  public void release(long handle) throws FsException {
    to.release(handle);
  }

  @Override
  public long openDirectory(Caller caller, Ino ino) throws FsException {
    return to.openDirectory(caller, ino);
  }

  @Override
  public void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    to.readDirectory(caller, handle, cookie, withAttributes, reader);
  }

  @Override
  public void releaseDirectory(long handle) throws FsException {
    to.releaseDirectory(handle);
  }

  @Override
  public byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    return to.extendedAttribute(caller, ino, name);
  }

  @Override
  public List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException {
    return to.extendedAttributes(caller, ino);
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    to.setExtendedAttribute(caller, ino, name, value, flags);
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    to.removeExtendedAttribute(caller, ino, name);
  }

  @Override
  public void forgotten(Caller caller, Ino ino) {
    to.forgotten(caller, ino);
  }

  @Override
  public SpaceUse spaceUse(Caller caller) throws FsException {
    return to.spaceUse(caller);
  }

  @Override
  public SpaceUse spaceUse(Caller caller, Ino ino) throws FsException {
    return to.spaceUse(caller, ino);
  }
}
