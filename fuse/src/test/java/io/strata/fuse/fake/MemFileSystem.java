package io.strata.fuse.fake;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.DirectoryReader;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A whole filesystem in memory, for tests. Safe for any thread: its methods are synchronized.
 * Counts what tests want to see.
 */
public final class MemFileSystem implements FileSystem {
  private static final int SET_ID_BITS = 06000;
  private static final int TYPE_MASK = 0170000;
  private static final int SYMLINK_MODE = 0120777;
  private static final int PUNCH_HOLE = 2;
  private static final int KEEP_SIZE = 1;
  private static final int ZERO_RANGE = 16;

  private record Handle(MemNode node, int flags) {}

  private final Hindrance hindrance;
  private final Map<Long, MemNode> nodes = new HashMap<>();
  private final Map<Long, Handle> handles = new HashMap<>();
  private long nextIno = 2;
  private long nextHandle = 1;

  /** How often everything, or one file, was made durable. */
  public final AtomicInteger syncs = new AtomicInteger();

  /** An empty filesystem. */
  public MemFileSystem(Hindrance hindrance) {
    this.hindrance = hindrance;
    nodes.put(1L, new MemNode(Ino.ROOT, 040755, 0, 0, 0, now()));
  }

  /** An empty filesystem that nothing hinders. */
  public MemFileSystem() {
    this(Hindrance.NONE);
  }

  /** Handles that are open. */
  public synchronized int openHandles() {
    return handles.size();
  }

  /** What it holds of a file in the root. */
  public synchronized byte[] content(String name) throws FsException {
    SparseBytes bytes = child(directory(Ino.ROOT), FileName.of(name)).bytes;
    byte[] content = new byte[Math.toIntExact(bytes.size())];
    bytes.read(0, MemorySegment.ofArray(content));
    return content;
  }

  private static Timestamp now() {
    return Timestamp.of(Instant.now());
  }

  private MemNode node(Ino ino) throws FsException {
    MemNode node = nodes.get(ino.value());
    if (node == null) {
      throw new FsException(Errno.ESTALE, "no inode " + ino);
    }
    return node;
  }

  private MemNode directory(Ino ino) throws FsException {
    MemNode node = node(ino);
    if (!node.isDirectory()) {
      throw new FsException(Errno.ENOTDIR, ino + " is no directory");
    }
    return node;
  }

  private static MemNode child(MemNode directory, FileName name) throws FsException {
    MemNode child = directory.child(name);
    if (child == null) {
      throw new FsException(Errno.ENOENT, "no " + name);
    }
    return child;
  }

  private Handle handle(long handle) throws FsException {
    Handle open = handles.get(handle);
    if (open == null) {
      throw new FsException(Errno.EBADF, "no handle " + handle);
    }
    return open;
  }

  @Override
  public synchronized Attributes lookup(Caller caller, Ino parent, FileName name)
      throws FsException {
    return child(directory(parent), name).attributes();
  }

  @Override
  public synchronized Attributes parent(Caller caller, Ino ino) throws FsException {
    return directory(ino).parent.attributes();
  }

  @Override
  public synchronized Attributes attributes(Caller caller, Ino ino) throws FsException {
    return node(ino).attributes();
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    hindrance.before("change", caller, ino);
    return change(ino, change);
  }

  private synchronized Attributes change(Ino ino, AttributeChange change) throws FsException {
    MemNode node = node(ino);
    if (change.size() != null) {
      if (node.type() != FileType.REGULAR) {
        throw new FsException(node.isDirectory() ? Errno.EISDIR : Errno.EINVAL, "no file");
      }
      node.bytes.truncate(change.size());
      node.modified = now();
    }
    if (change.mode() != null) {
      node.mode = (node.mode & TYPE_MASK) | change.mode();
    }
    node.uid = change.uid() != null ? change.uid() : node.uid;
    node.gid = change.gid() != null ? change.gid() : node.gid;
    node.accessed = change.accessed() != null ? change.accessed() : node.accessed;
    node.modified = change.modified() != null ? change.modified() : node.modified;
    node.changed = change.changed() != null ? change.changed() : now();
    if (change.clearSetId()) {
      clearSetId(node);
    }
    return node.attributes();
  }

  private static void clearSetId(MemNode node) {
    node.mode &= ~SET_ID_BITS;
    node.xattrs.remove("security.capability");
  }

  @Override
  public synchronized byte[] readLink(Caller caller, Ino ino) throws FsException {
    MemNode node = node(ino);
    if (node.type() != FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL, "no link");
    }
    return node.target.clone();
  }

  @Override
  public synchronized Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    return made(caller, parent, name, node).attributes();
  }

  private MemNode made(Caller caller, Ino parent, FileName name, NewNode node) throws FsException {
    MemNode directory = directory(parent);
    if (directory.child(name) != null) {
      throw new FsException(Errno.EEXIST, name + " exists");
    }
    MemNode made = unnamed(caller, directory, node);
    directory.put(name, made, now());
    return made;
  }

  private MemNode unnamed(Caller caller, MemNode directory, NewNode node) {
    boolean inherits = (directory.mode & 02000) != 0;
    int mode = inherits && (node.mode() & TYPE_MASK) == 040000 ? node.mode() | 02000 : node.mode();
    MemNode made =
        new MemNode(
            new Ino(nextIno++),
            mode,
            node.device(),
            caller.uid(),
            inherits ? directory.gid : caller.gid(),
            now());
    nodes.put(made.ino.value(), made);
    return made;
  }

  @Override
  public synchronized Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    MemNode made = made(caller, parent, name, new NewNode(SYMLINK_MODE, 0));
    made.target = target.clone();
    return made.attributes();
  }

  @Override
  public synchronized Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    MemNode node = node(ino);
    MemNode directory = directory(newParent);
    if (node.isDirectory()) {
      throw new FsException(Errno.EPERM, "a directory has one name");
    }
    if (directory.child(newName) != null) {
      throw new FsException(Errno.EEXIST, newName + " exists");
    }
    directory.put(newName, node, now());
    node.links++;
    node.changed = now();
    return node.attributes();
  }

  @Override
  public synchronized void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    MemNode directory = directory(parent);
    MemNode child = child(directory, name);
    if (child.isDirectory()) {
      throw new FsException(Errno.EISDIR, name + " is a directory");
    }
    directory.remove(name, now());
    dropLink(child);
  }

  private void dropLink(MemNode node) {
    node.links = node.isDirectory() ? 0 : node.links - 1;
    node.changed = now();
    forgetIfUnused(node);
  }

  private void forgetIfUnused(MemNode node) {
    if (node.links <= 0 && node.openHandles == 0) {
      nodes.remove(node.ino.value());
    }
  }

  @Override
  public synchronized void removeDirectory(Caller caller, Ino parent, FileName name)
      throws FsException {
    MemNode directory = directory(parent);
    MemNode child = child(directory, name);
    if (!child.isDirectory()) {
      throw new FsException(Errno.ENOTDIR, name + " is no directory");
    }
    if (child.hasChildren()) {
      throw new FsException(Errno.ENOTEMPTY, name + " is not empty");
    }
    directory.remove(name, now());
    dropLink(child);
  }

  @Override
  public synchronized void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    MemNode from = directory(parent);
    MemNode to = directory(newParent);
    MemNode moved = child(from, name);
    MemNode replaced = to.child(newName);
    switch (mode) {
      case EXCHANGE -> {
        MemNode other = child(to, newName);
        from.put(name, other, now());
        to.put(newName, moved, now());
      }
      case NO_REPLACE -> {
        if (replaced != null) {
          throw new FsException(Errno.EEXIST, newName + " exists");
        }
        move(from, name, to, newName, moved);
      }
      case REPLACE -> {
        if (replaced != moved) {
          if (replaced != null) {
            checkReplaceable(moved, replaced);
            to.remove(newName, now());
            dropLink(replaced);
          }
          move(from, name, to, newName, moved);
        }
      }
    }
  }

  private static void checkReplaceable(MemNode moved, MemNode replaced) throws FsException {
    if (replaced.isDirectory() && !moved.isDirectory()) {
      throw new FsException(Errno.EISDIR, "the target is a directory");
    }
    if (!replaced.isDirectory() && moved.isDirectory()) {
      throw new FsException(Errno.ENOTDIR, "the target is no directory");
    }
    if (replaced.hasChildren()) {
      throw new FsException(Errno.ENOTEMPTY, "the target is not empty");
    }
  }

  private static void move(
      MemNode from, FileName name, MemNode to, FileName newName, MemNode moved) {
    from.remove(name, now());
    to.put(newName, moved, now());
    moved.changed = now();
  }

  private long opened(MemNode node, int flags) {
    node.openHandles++;
    handles.put(nextHandle, new Handle(node, flags));
    return nextHandle++;
  }

  @Override
  public synchronized long open(Caller caller, Ino ino, int flags) throws FsException {
    MemNode node = node(ino);
    if ((flags & OpenFlags.TRUNCATE) != 0) {
      node.bytes.truncate(0);
      node.modified = now();
    }
    return opened(node, flags);
  }

  @Override
  public synchronized Opened create(
      Caller caller, Ino parent, FileName name, NewNode node, int flags) throws FsException {
    MemNode existing = directory(parent).child(name);
    if (existing != null && (flags & OpenFlags.EXCLUSIVE) == 0) {
      return new Opened(existing.attributes(), open(caller, existing.ino, flags));
    }
    MemNode made = made(caller, parent, name, node);
    return new Opened(made.attributes(), opened(made, flags));
  }

  @Override
  public synchronized Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    MemNode made = unnamed(caller, directory(parent), node);
    made.links = 0;
    return new Opened(made.attributes(), opened(made, flags));
  }

  /** Which file a handle is of, before what hinders it is asked. */
  private synchronized MemNode openFile(long handle) throws FsException {
    return handle(handle).node();
  }

  private synchronized MemNode openFile(long handle, boolean forReading) throws FsException {
    int flags = handle(handle).flags();
    if (forReading ? !OpenFlags.reads(flags) : !OpenFlags.writes(flags)) {
      throw new FsException(Errno.EBADF, "handle " + handle + " is not open for that");
    }
    return openFile(handle);
  }

  @Override
  public int read(Caller caller, long handle, long offset, MemorySegment target)
      throws FsException {
    MemNode node = openFile(handle, true);
    hindrance.before("read", caller, node.ino);
    synchronized (this) {
      return node.bytes.read(offset, target);
    }
  }

  @Override
  public int write(
      Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    MemNode node = openFile(handle, false);
    hindrance.before("write", caller, node.ino);
    synchronized (this) {
      write(node, offset, source);
      if (clearSetId) {
        clearSetId(node);
      }
      return (int) source.byteSize();
    }
  }

  private static void write(MemNode node, long offset, MemorySegment source) {
    node.bytes.write(offset, source);
    node.modified = now();
    node.changed = node.modified;
  }

  @Override
  public synchronized long append(Caller caller, long handle, MemorySegment source)
      throws FsException {
    MemNode node = openFile(handle);
    long offset = node.bytes.size();
    write(node, offset, source);
    return offset;
  }

  @Override
  public synchronized void allocate(Caller caller, long handle, long offset, long length, int mode)
      throws FsException {
    MemNode node = openFile(handle);
    switch (mode) {
      case 0 -> node.bytes.extend(offset + length);
      case KEEP_SIZE -> {}
      case PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE | KEEP_SIZE -> node.bytes.clear(offset, length);
      case ZERO_RANGE -> {
        node.bytes.clear(offset, length);
        node.bytes.extend(offset + length);
      }
      default -> throw new FsException(Errno.EOPNOTSUPP, "allocation mode " + mode);
    }
  }

  @Override
  public synchronized long seek(Caller caller, long handle, long offset, int whence)
      throws FsException {
    SparseBytes bytes = openFile(handle).bytes;
    long found =
        offset >= bytes.size() ? -1 : whence == 3 ? bytes.data(offset) : bytes.hole(offset);
    if (found < 0) {
      throw new FsException(Errno.ENXIO, "nothing from " + offset);
    }
    return found;
  }

  @Override
  public synchronized long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException {
    MemNode from = openFile(fromHandle);
    long count = Math.clamp(from.bytes.size() - fromOffset, 0, Math.min(length, 1 << 20));
    byte[] bytes = new byte[(int) count];
    from.bytes.read(fromOffset, MemorySegment.ofArray(bytes));
    write(openFile(toHandle), toOffset, MemorySegment.ofArray(bytes));
    return count;
  }

  @Override
  public void flush(Caller caller, long handle) throws FsException {
    openFile(handle);
  }

  @Override
  public void sync(Caller caller, long handle, boolean dataOnly) throws FsException {
    hindrance.before("sync", caller, openFile(handle).ino);
    syncs.incrementAndGet();
  }

  @Override
  public void syncAll(Caller caller) {
    syncs.incrementAndGet();
  }

  @Override
  public synchronized void release(long handle) throws FsException {
    MemNode node = handle(handle).node();
    handles.remove(handle);
    node.openHandles--;
    forgetIfUnused(node);
  }

  @Override
  public synchronized long openDirectory(Caller caller, Ino ino) throws FsException {
    return opened(directory(ino), OpenFlags.READ_ONLY);
  }

  @Override
  public synchronized void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    MemNode node = openFile(handle);
    if (cookie < 1 && !special(reader, ".", node.ino, 1)) {
      return;
    }
    if (cookie < 2 && !special(reader, "..", node.parent.ino, 2)) {
      return;
    }
    for (Map.Entry<Long, FileName> entry : node.byCookie.tailMap(cookie, false).entrySet()) {
      MemNode child = child(node, entry.getValue());
      @Nullable Attributes attributes = withAttributes ? child.attributes() : null;
      if (!reader.entry(
          entry.getValue().toBytes(), child.ino, child.type(), entry.getKey(), attributes)) {
        return;
      }
    }
  }

  private static boolean special(DirectoryReader reader, String name, Ino ino, long cookie) {
    return reader.entry(
        name.getBytes(StandardCharsets.US_ASCII), ino, FileType.DIRECTORY, cookie, null);
  }

  @Override
  public void releaseDirectory(long handle) throws FsException {
    release(handle);
  }

  @Override
  public synchronized byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    byte[] value = node(ino).xattrs.get(MemNode.xattrName(name));
    return value == null ? null : value.clone();
  }

  @Override
  public synchronized List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException {
    return node(ino).xattrs.keySet().stream()
        .map(name -> name.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  @Override
  public synchronized void setExtendedAttribute(
      Caller caller, Ino ino, byte[] name, byte[] value, int flags) throws FsException {
    MemNode node = node(ino);
    boolean exists = node.xattrs.containsKey(MemNode.xattrName(name));
    if (flags == 1 && exists) {
      throw new FsException(Errno.EEXIST, "attribute exists");
    }
    if (flags == 2 && !exists) {
      throw new FsException(Errno.ENODATA, "no such attribute");
    }
    node.xattrs.put(MemNode.xattrName(name), value.clone());
    node.changed = now();
  }

  @Override
  public synchronized void removeExtendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    if (node(ino).xattrs.remove(MemNode.xattrName(name)) == null) {
      throw new FsException(Errno.ENODATA, "no such attribute");
    }
  }

  @Override
  public synchronized SpaceUse spaceUse(Caller caller) {
    long used = nodes.values().stream().mapToLong(node -> node.bytes.allocated()).sum();
    return new SpaceUse(1L << 50, used, nodes.size());
  }
}
