package io.strata.fs.posix;

import io.strata.fs.NewNode;
import io.strata.fs.AttributeChange;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.FileSystem;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.HandleCounter;
import io.strata.fs.Inheritance;
import io.strata.fs.Metadata;
import io.strata.fs.DirectoryReader;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a volume, over its engine. Holds nothing but the open handles: all else is in the
 * volume's tree.
 */
public final class VolumeFileSystem implements FileSystem {
  private static final int SYMLINK_MODE = FileType.SYMLINK.code() << 12 | 0777;

  private final Engine engine;
  private final Handles handles;
  private final Orphans orphans;
  private final Names names;
  private final Renames renames;
  private final AttributeEdits attributeEdits;
  private final ExtendedAttributes extendedAttributes;
  private final OpenFiles openFiles;
  private final FileReads reads;
  private final FileWrites writes;
  private final FileSpace space;
  private final SharedCopies copies;
  private final DirectoryReads directoryReads;

  /** A filesystem that takes over nothing from the owners before. */
  public VolumeFileSystem(Engine engine, AccessTimePolicy accessTimePolicy) {
    this(engine, accessTimePolicy, Inheritance.NONE);
  }

  /**
   * A filesystem that never changes, as one of several that number their handles together.
   *
   * @param numbers of an epoch that is the engine's, too
   */
  public VolumeFileSystem(Engine engine, HandleCounter numbers) {
    this(engine, AccessTimePolicy.NEVER, Inheritance.NONE, numbers);
  }

  /** A filesystem whose earlier owners may have left open handles. */
  public VolumeFileSystem(
      Engine engine, AccessTimePolicy accessTimePolicy, Inheritance inheritance) {
    this(engine, accessTimePolicy, inheritance, HandleCounter.ofVolume(engine.epoch()));
  }

  private VolumeFileSystem(
      Engine engine,
      AccessTimePolicy accessTimePolicy,
      Inheritance inheritance,
      HandleCounter numbers) {
    this.engine = engine;
    this.handles = new Handles(numbers);
    this.orphans = new Orphans(engine, handles, inheritance);
    this.names = new Names(engine, orphans);
    this.renames = new Renames(engine, orphans);
    this.attributeEdits = new AttributeEdits(engine);
    this.extendedAttributes = new ExtendedAttributes(engine);
    this.openFiles =
        new OpenFiles(engine, handles, inheritance, orphans, names, attributeEdits);
    this.reads = new FileReads(engine, new AccessTimes(engine, accessTimePolicy));
    this.writes = new FileWrites(engine);
    this.space = new FileSpace(engine);
    this.copies = new SharedCopies(engine);
    this.directoryReads = new DirectoryReads(engine);
  }

  /**
   * Removes what has no name and is not held. To be run in the background after opening, and whenever
   * the inheritance has come to an end for some inodes; everything else may go on meanwhile.
   */
  public void reapOrphans() throws FsException {
    orphans.removeAll();
  }

  @Override
  public Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    return names.lookup(caller, parent, name);
  }

  @Override
  public Attributes parent(Caller caller, Ino ino) throws FsException {
    return names.parent(caller, ino);
  }

  @Override
  public Attributes attributes(Caller caller, Ino ino) throws FsException {
    Inode inode = engine.read(caller, metadata -> new Tree(metadata).inode(ino));
    return Attributes.of(ino, inode);
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    return attributeEdits.change(caller, ino, change);
  }

  @Override
  public byte[] readLink(Caller caller, Ino ino) throws FsException {
    return names.readLink(caller, ino);
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    if (node.mode() >>> 12 == FileType.SYMLINK.code()) {
      throw new FsException(Errno.EINVAL, "a symbolic link needs a target");
    }
    return names.make(caller, engine.newIno(), parent, name, node, ByteString.EMPTY);
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    if (target.length == 0) {
      throw new FsException(Errno.ENOENT, "a symbolic link with no target");
    }
    if (target.length > Inode.TARGET_BYTES_MAX) {
      throw new FsException(Errno.ENAMETOOLONG, "a target of " + target.length + " bytes");
    }
    NewNode node = new NewNode(SYMLINK_MODE, 0);
    return names.make(caller, engine.newIno(), parent, name, node, ByteString.of(target));
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    return names.link(caller, ino, newParent, newName);
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    names.unlink(caller, parent, name);
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    names.removeDirectory(caller, parent, name);
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    renames.rename(caller, parent, name, newParent, newName, mode);
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    return openFiles.open(caller, ino, flags).handle();
  }

  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    return openFiles.create(caller, parent, name, node, flags);
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    return openFiles.createUnnamed(caller, parent, node, flags);
  }

  @Override
  public int read(Caller caller, long handle, long offset, MemorySegment target)
      throws FsException {
    return reads.read(caller, handles.file(handle), offset, target);
  }

  @Override
  public int write(
      Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    return writes.write(caller, handles.file(handle), offset, source, clearSetId);
  }

  @Override
  public long append(Caller caller, long handle, MemorySegment source) throws FsException {
    return writes.append(caller, handles.file(handle), source);
  }

  @Override
  public void allocate(Caller caller, long handle, long offset, long length, int mode)
      throws FsException {
    space.allocate(caller, handles.file(handle), offset, length, mode);
  }

  @Override
  public long seek(Caller caller, long handle, long offset, int whence) throws FsException {
    return space.seek(caller, handles.file(handle), offset, whence);
  }

  @Override
  public long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException {
    FileHandle from = handles.file(fromHandle);
    return copies.copy(caller, from, fromOffset, handles.file(toHandle), toOffset, length);
  }

  @Override
  public void flush(Caller caller, long handle) throws FsException {
    handles.file(handle);
  }

  @Override
  public void sync(Caller caller, long handle, boolean dataOnly) throws FsException {
    handles.requireAny(handle);
    engine.sync(caller);
    handles.tellLoss(handle);
  }

  @Override
  public void syncAll(Caller caller) throws FsException {
    engine.sync(caller);
  }

  @Override
  public void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    openFiles.adopt(caller, ino, handle, claim);
  }

  @Override
  public void release(long handle) throws FsException {
    openFiles.release(handle);
  }

  @Override
  public long openDirectory(Caller caller, Ino ino) throws FsException {
    return openFiles.openDirectory(caller, ino);
  }

  @Override
  public void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    directoryReads.read(caller, handles.directory(handle), cookie, withAttributes, reader);
  }

  @Override
  public void releaseDirectory(long handle) throws FsException {
    openFiles.releaseDirectory(handle);
  }

  @Override
  public byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    return extendedAttributes.get(caller, ino, name);
  }

  @Override
  public List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException {
    return extendedAttributes.list(caller, ino);
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    extendedAttributes.set(caller, ino, name, value, flags);
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    extendedAttributes.remove(caller, ino, name);
  }

  @Override
  public SpaceUse spaceUse(Caller caller) throws FsException {
    return engine.read(caller, Metadata::spaceUse);
  }
}
