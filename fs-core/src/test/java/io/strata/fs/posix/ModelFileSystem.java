package io.strata.fs.posix;

import io.strata.fs.NewNode;
import io.strata.fs.AttributeChange;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.OpenFlags;
import io.strata.fs.FileSystem;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.DirectoryReader;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a filesystem is, written down as plainly as can be, to compare the real one with: objects
 * that point at each other, one thread, nothing stored. Files are small.
 */
final class ModelFileSystem implements FileSystem {
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;

  private final Map<Ino, ModelInode> inodes = new HashMap<>();
  private final Map<Long, Handle> files = new HashMap<>();
  private final Map<Long, ModelInode> directories = new HashMap<>();
  private final Supplier<Timestamp> clock;
  private final long capacityBytes;
  private long lastIno = 1;
  private long lastHandle;

  private record Handle(ModelInode inode, int flags) {}

  ModelFileSystem(Supplier<Timestamp> clock, long capacityBytes) {
    this.clock = clock;
    this.capacityBytes = capacityBytes;
    ModelInode root = new ModelInode(Ino.ROOT, 0040755, clock.get());
    root.links = 2;
    root.parent = root;
    inodes.put(Ino.ROOT, root);
  }

  @Override
  public Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    return entry(directory(parent), name).attributes();
  }

  @Override
  public Attributes parent(Caller caller, Ino ino) throws FsException {
    ModelInode parent = inode(ino).parent;
    check(parent != null, Errno.ENOTDIR);
    return inode(Objects.requireNonNull(parent).ino).attributes();
  }

  @Override
  public Attributes attributes(Caller caller, Ino ino) throws FsException {
    return inode(ino).attributes();
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    ModelInode inode = inode(ino);
    if (change.equals(new AttributeChange(null, null, null, null, null, null, null, false))) {
      return inode.attributes();
    }
    Timestamp now = clock.get();
    if (change.size() != null) {
      check(inode.type() == FileType.REGULAR, inode.isDirectory() ? Errno.EISDIR : Errno.EINVAL);
      inode.resize(Math.toIntExact(change.size()));
      inode.modified = now;
    }
    if (change.mode() != null) {
      inode.mode = (inode.mode & ~07777) | (change.mode() & 07777);
    }
    inode.uid = change.uid() != null ? change.uid() : inode.uid;
    inode.gid = change.gid() != null ? change.gid() : inode.gid;
    if (change.clearSetId()) {
      clearSetId(inode);
    }
    inode.accessed = change.accessed() != null ? change.accessed() : inode.accessed;
    inode.modified = change.modified() != null ? change.modified() : inode.modified;
    inode.changed = change.changed() != null ? change.changed() : now;
    return inode.attributes();
  }

  @Override
  public byte[] readLink(Caller caller, Ino ino) throws FsException {
    ModelInode inode = inode(ino);
    check(inode.type() == FileType.SYMLINK, Errno.EINVAL);
    return inode.target;
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    return add(caller, parent, name, node, new byte[0]).attributes();
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    return add(caller, parent, name, new NewNode(0120777, 0), target).attributes();
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    ModelInode inode = inode(ino);
    check(!inode.isDirectory(), Errno.EPERM);
    ModelInode directory = directory(newParent);
    check(!directory.entries.containsKey(newName), Errno.EEXIST);
    inode.links++;
    inode.changed = clock.get();
    put(directory, newName, inode);
    return inode.attributes();
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    ModelInode directory = directory(parent);
    ModelInode inode = entry(directory, name);
    check(!inode.isDirectory(), Errno.EISDIR);
    remove(directory, name);
    dropName(inode);
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    ModelInode directory = directory(parent);
    ModelInode inode = entry(directory, name);
    check(inode.isDirectory(), Errno.ENOTDIR);
    check(inode.entries.isEmpty(), Errno.ENOTEMPTY);
    remove(directory, name);
    dropName(inode);
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    ModelInode from = directory(parent);
    ModelInode moved = entry(from, name);
    ModelInode to = directory(newParent);
    ModelInode there = to.entries.get(newName);
    check(!isWithin(to, moved), Errno.EINVAL);
    switch (mode) {
      case NO_REPLACE -> check(there == null, Errno.EEXIST);
      case EXCHANGE -> {
        check(there != null, Errno.ENOENT);
        check(!isWithin(from, Objects.requireNonNull(there)), Errno.EINVAL);
      }
      case REPLACE -> {}
    }
    if (there == moved) {
      return;
    }
    if (there != null && mode == RenameMode.REPLACE) {
      check(!moved.isDirectory() || there.isDirectory(), Errno.ENOTDIR);
      check(moved.isDirectory() || !there.isDirectory(), Errno.EISDIR);
      check(there.entries.isEmpty(), Errno.ENOTEMPTY);
    }
    remove(from, name);
    if (there != null) {
      remove(to, newName);
    }
    put(to, newName, moved);
    moved.changed = clock.get();
    if (there != null && mode == RenameMode.EXCHANGE) {
      put(from, name, there);
      there.changed = clock.get();
    } else if (there != null) {
      dropName(there);
    }
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    ModelInode inode = inode(ino);
    switch (inode.type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw error(Errno.EISDIR);
      case SYMLINK -> throw error(Errno.ELOOP);
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> throw error(Errno.ENXIO);
    }
    if ((flags & OpenFlags.TRUNCATE) != 0) {
      change(caller, ino, AttributeChange.size(0), 0);
    }
    return handle(inode, flags);
  }

  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    ModelInode directory = directory(parent);
    ModelInode there = directory.entries.get(name);
    if (there != null) {
      check((flags & OpenFlags.EXCLUSIVE) == 0, Errno.EEXIST);
      long handle = open(caller, there.ino, flags);
      return new Opened(there.attributes(), handle);
    }
    ModelInode inode = add(caller, parent, name, node, new byte[0]);
    return new Opened(inode.attributes(), handle(inode, flags));
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    ModelInode inode = inode(caller, directory(parent), node);
    inode.links = 0;
    return new Opened(inode.attributes(), handle(inode, flags));
  }

  @Override
  public int read(Caller caller, long handle, long offset, MemorySegment target)
      throws FsException {
    byte[] bytes = file(handle).inode.bytes;
    int length = (int) Math.max(0, Math.min(target.byteSize(), bytes.length - offset));
    if (length > 0) {
      MemorySegment.copy(
          bytes, Math.toIntExact(offset), target, ValueLayout.JAVA_BYTE, 0, length);
    }
    return length;
  }

  @Override
  public int write(
      Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    ModelInode inode = writable(handle);
    if (source.byteSize() == 0) {
      return 0;
    }
    int from = Math.toIntExact(offset);
    byte[] bytes = source.toArray(ValueLayout.JAVA_BYTE);
    int to = from + bytes.length;
    checkSpace(bytes.length - inode.written.get(from, to).cardinality());
    inode.grow(to);
    System.arraycopy(bytes, 0, inode.bytes, from, bytes.length);
    inode.written.set(from, to);
    if (clearSetId) {
      clearSetId(inode);
    }
    inode.modifiedAt(clock.get());
    return bytes.length;
  }

  @Override
  public long append(Caller caller, long handle, MemorySegment source) throws FsException {
    long size = writable(handle).size();
    write(caller, handle, size, source, false);
    return size;
  }

  @Override
  public void allocate(Caller caller, long handle, long offset, long length, int mode)
      throws FsException {
    ModelInode inode = writable(handle);
    check(length > 0, Errno.EINVAL);
    int from = Math.toIntExact(offset);
    int to = Math.toIntExact(offset + length);
    boolean keep = (mode & 1) != 0;
    switch (mode & ~1) {
      case 0 -> {
        checkSpace(length - inode.written.cardinality());
        if (!keep && to > inode.bytes.length) {
          inode.resize(to);
          inode.modifiedAt(clock.get());
        }
        return;
      }
      case 2 -> check(keep, Errno.EOPNOTSUPP);
      case 0x10 -> {}
      default -> throw error(Errno.EOPNOTSUPP);
    }
    if (!keep) {
      inode.grow(to);
    }
    for (int i = from; i < Math.min(to, inode.bytes.length); i++) {
      inode.bytes[i] = 0;
    }
    inode.written.clear(from, to);
    inode.modifiedAt(clock.get());
  }

  @Override
  public long seek(Caller caller, long handle, long offset, int whence) throws FsException {
    ModelInode inode = file(handle).inode;
    check(offset < inode.bytes.length, Errno.ENXIO);
    int from = Math.toIntExact(offset);
    if (whence == 4) {
      return inode.written.nextClearBit(from);
    }
    int data = inode.written.nextSetBit(from);
    check(data >= 0, Errno.ENXIO);
    return data;
  }

  @Override
  public long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException {
    ModelInode source = file(fromHandle).inode;
    ModelInode inode = writable(toHandle);
    check(source != inode || Math.abs(fromOffset - toOffset) >= length, Errno.EINVAL);
    int count = (int) Math.max(0, Math.min(length, source.bytes.length - fromOffset));
    if (count == 0) {
      return 0;
    }
    int from = Math.toIntExact(fromOffset);
    int to = Math.toIntExact(toOffset);
    checkSpace(
        source.written.get(from, from + count).cardinality()
            - inode.written.get(to, to + count).cardinality());
    inode.grow(to + count);
    for (int i = 0; i < count; i++) {
      inode.bytes[to + i] = source.bytes[from + i];
      inode.written.set(to + i, source.written.get(from + i));
    }
    inode.modifiedAt(clock.get());
    return count;
  }

  @Override
  public void flush(Caller caller, long handle) throws FsException {
    file(handle);
  }

  @Override
  public void sync(Caller caller, long handle, boolean dataOnly) throws FsException {
    if (!directories.containsKey(handle)) {
      file(handle);
    }
  }

  @Override
  public void syncAll(Caller caller) {}

  @Override
  public void release(long handle) throws FsException {
    ModelInode inode = file(handle).inode;
    files.remove(handle);
    letGo(inode);
  }

  @Override
  public long openDirectory(Caller caller, Ino ino) throws FsException {
    ModelInode inode = inode(ino);
    check(inode.isDirectory(), Errno.ENOTDIR);
    inode.handles++;
    directories.put(++lastHandle, inode);
    return lastHandle;
  }

  /** Cookies are positions: enough for whoever reads a directory in one go. */
  @Override
  public void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    ModelInode inode = directories.get(handle);
    check(inode != null && cookie == 0, Errno.EBADF);
    ModelInode directory = Objects.requireNonNull(inode);
    ModelInode parent = Objects.requireNonNull(directory.parent);
    long at = 0;
    boolean more = reader.entry(bytes("."), directory.ino, FileType.DIRECTORY, ++at, null);
    more = more && reader.entry(bytes(".."), parent.ino, FileType.DIRECTORY, ++at, null);
    for (Map.Entry<FileName, ModelInode> entry : directory.entries.entrySet()) {
      ModelInode child = entry.getValue();
      more =
          more
              && reader.entry(
                  entry.getKey().toBytes(),
                  child.ino,
                  child.type(),
                  ++at,
                  withAttributes ? child.attributes() : null);
    }
  }

  @Override
  public void releaseDirectory(long handle) throws FsException {
    ModelInode inode = directories.remove(handle);
    check(inode != null, Errno.EBADF);
    letGo(Objects.requireNonNull(inode));
  }

  @Override
  public byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    checkXattrName(name);
    return inode(ino).xattrs.get(ByteString.of(name));
  }

  @Override
  public List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException {
    List<byte[]> names = new ArrayList<>();
    inode(ino).xattrs.keySet().forEach(name -> names.add(name.toBytes()));
    return names;
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    checkXattrName(name);
    ModelInode inode = inode(ino);
    boolean there = inode.xattrs.containsKey(ByteString.of(name));
    check(flags != 1 || !there, Errno.EEXIST);
    check(flags != 2 || there, Errno.ENODATA);
    inode.xattrs.put(ByteString.of(name), value.clone());
    inode.changed = clock.get();
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    checkXattrName(name);
    ModelInode inode = inode(ino);
    check(inode.xattrs.remove(ByteString.of(name)) != null, Errno.ENODATA);
    inode.changed = clock.get();
  }

  @Override
  public SpaceUse spaceUse(Caller caller) {
    return new SpaceUse(capacityBytes, usedBytes(), inodes.size());
  }

  private long usedBytes() {
    return inodes.values().stream().mapToLong(inode -> inode.written.cardinality()).sum();
  }

  private void checkSpace(long more) throws FsException {
    check(more <= 0 || more <= capacityBytes - usedBytes(), Errno.ENOSPC);
  }

  private ModelInode add(
      Caller caller, Ino parent, FileName name, NewNode node, byte[] target) throws FsException {
    ModelInode directory = directory(parent);
    check(!directory.entries.containsKey(name), Errno.EEXIST);
    ModelInode inode = inode(caller, directory, node);
    inode.target = target;
    put(directory, name, inode);
    return inode;
  }

  private ModelInode inode(Caller caller, ModelInode directory, NewNode node) {
    boolean inherits = (directory.mode & SET_GROUP) != 0;
    ModelInode inode = new ModelInode(new Ino(++lastIno), node.mode(), clock.get());
    inode.mode |= inherits && inode.isDirectory() ? SET_GROUP : 0;
    inode.links = inode.isDirectory() ? 2 : 1;
    inode.uid = caller.uid();
    inode.gid = inherits ? directory.gid : caller.gid();
    Set<FileType> devices = Set.of(FileType.BLOCK_DEVICE, FileType.CHARACTER_DEVICE);
    inode.device = devices.contains(inode.type()) ? node.device() : 0;
    inodes.put(inode.ino, inode);
    return inode;
  }

  private void put(ModelInode directory, FileName name, ModelInode inode) {
    directory.entries.put(name, inode);
    directory.modifiedAt(clock.get());
    if (inode.isDirectory()) {
      directory.links++;
      inode.parent = directory;
    }
  }

  private void remove(ModelInode directory, FileName name) {
    ModelInode inode = Objects.requireNonNull(directory.entries.remove(name));
    directory.modifiedAt(clock.get());
    directory.links -= inode.isDirectory() ? 1 : 0;
  }

  private void dropName(ModelInode inode) {
    inode.links = inode.isDirectory() ? 0 : inode.links - 1;
    inode.changed = clock.get();
    forgetIfUnused(inode);
  }

  private void letGo(ModelInode inode) {
    inode.handles--;
    forgetIfUnused(inode);
  }

  private void forgetIfUnused(ModelInode inode) {
    if (inode.links == 0 && inode.handles == 0) {
      inodes.remove(inode.ino);
    }
  }

  private long handle(ModelInode inode, int flags) {
    inode.handles++;
    files.put(++lastHandle, new Handle(inode, flags));
    return lastHandle;
  }

  private Handle file(long handle) throws FsException {
    Handle file = files.get(handle);
    check(file != null, Errno.EBADF);
    return Objects.requireNonNull(file);
  }

  private ModelInode writable(long handle) throws FsException {
    Handle file = file(handle);
    check(OpenFlags.writes(file.flags), Errno.EBADF);
    return file.inode;
  }

  private ModelInode inode(Ino ino) throws FsException {
    ModelInode inode = inodes.get(ino);
    check(inode != null, Errno.ESTALE);
    return Objects.requireNonNull(inode);
  }

  private ModelInode directory(Ino ino) throws FsException {
    ModelInode inode = inode(ino);
    check(inode.isDirectory(), Errno.ENOTDIR);
    check(inode.links > 0, Errno.ENOENT);
    return inode;
  }

  private static ModelInode entry(ModelInode directory, FileName name) throws FsException {
    ModelInode inode = directory.entries.get(name);
    check(inode != null, Errno.ENOENT);
    return Objects.requireNonNull(inode);
  }

  private static boolean isWithin(ModelInode directory, ModelInode ancestor) {
    Set<ModelInode> above = new HashSet<>();
    for (ModelInode at = directory; at != null && above.add(at); at = at.parent) {}
    return above.contains(ancestor);
  }

  private static void clearSetId(ModelInode inode) {
    if (inode.type() == FileType.REGULAR) {
      inode.mode &= (inode.mode & 010) != 0 ? ~(SET_USER | SET_GROUP) : ~SET_USER;
      inode.xattrs.remove(ByteString.of("security.capability"));
    }
  }

  private static void checkXattrName(byte[] name) throws FsException {
    String text = new String(name, StandardCharsets.UTF_8);
    check(text.matches("(user|trusted|security)\\..+"), Errno.EOPNOTSUPP);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void check(boolean holds, Errno otherwise) throws FsException {
    if (!holds) {
      throw error(otherwise);
    }
  }

  private static FsException error(Errno errno) {
    return new FsException(errno, "the model says so");
  }
}
