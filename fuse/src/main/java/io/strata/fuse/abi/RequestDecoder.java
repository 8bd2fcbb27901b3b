package io.strata.fuse.abi;

import io.strata.fs.FsException;
import io.strata.fs.locks.ByteRange;
import io.strata.fs.locks.LockKind;
import io.strata.fs.locks.LockMode;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages from the kernel. Immutable.
 *
 * @param longSetxattr whether SETXATTR has its 16-byte form ({@link InitFlags#SETXATTR_EXT})
 */
public record RequestDecoder(boolean longSetxattr) {
  /**
   * Decodes a message.
   *
   * @param header of the same message
   * @return null if the opcode is not one of this protocol
   * @throws MalformedRequest if the message is not as long as its header says, or its arguments are
   *     cut off or impossible
   * @throws FsException if the kernel may send this and must be told a certain errno
   */
  public @Nullable Request decode(RequestHeader header, MemorySegment message)
      throws MalformedRequest, FsException {
    Opcode opcode = Opcode.of(header.opcode());
    if (opcode == null) {
      return null;
    }
    if (header.length() != message.byteSize()) {
      throw new MalformedRequest(
          opcode + " says that it has " + header.length() + " bytes, has " + message.byteSize());
    }
    long end = message.byteSize() - header.extensionBytes();
    if (end < RequestHeader.BYTES) {
      throw new MalformedRequest(opcode + " is all extensions");
    }
    return arguments(opcode, new RequestCursor(message, RequestHeader.BYTES, end));
  }

  private Request arguments(Opcode opcode, RequestCursor in) throws MalformedRequest, FsException {
    return switch (opcode) {
      case LOOKUP -> lookup(in);
      case SYMLINK -> new EntryRequest.Symlink(in.name(), in.string());
      case MKNOD -> makeNode(in);
      case MKDIR -> makeDirectory(in);
      case UNLINK -> new EntryRequest.Unlink(in.name());
      case RMDIR -> new EntryRequest.RemoveDirectory(in.name());
      case RENAME, RENAME2 -> rename(opcode, in);
      case LINK -> new EntryRequest.Link(in.u64(), in.name());
      case CREATE -> create(in);
      case TMPFILE -> createUnnamed(in);
      case GETATTR -> getAttributes(in);
      case STATX -> new NodeRequest.GetStatx();
      case SETATTR -> setAttributes(in);
      case READLINK -> new NodeRequest.ReadLink();
      case ACCESS -> new NodeRequest.Access(in.u32());
      case STATFS -> new NodeRequest.StatFs();
      case OPEN -> new FileRequest.Open(in.u32(), in.u32());
      case READ -> new FileRequest.Read(in.u64(), offset(in), size(in));
      case WRITE -> write(in);
      case FLUSH -> flush(in);
      case RELEASE -> new FileRequest.Release(in.u64());
      case FSYNC -> new FileRequest.Sync(in.u64(), (in.u32() & Flags.SYNC_DATA_ONLY) != 0);
      case FALLOCATE -> new FileRequest.Allocate(in.u64(), offset(in), offset(in), in.u32());
      case LSEEK -> new FileRequest.Seek(in.u64(), in.u64(), in.u32());
      case COPY_FILE_RANGE -> copyRange(in, false);
      case COPY_FILE_RANGE_64 -> copyRange(in, true);
      case OPENDIR -> new DirectoryRequest.OpenDirectory();
      case READDIR -> new DirectoryRequest.ReadDirectory(in.u64(), in.u64(), size(in), false);
      case READDIRPLUS -> new DirectoryRequest.ReadDirectory(in.u64(), in.u64(), size(in), true);
      case RELEASEDIR -> new DirectoryRequest.ReleaseDirectory(in.u64());
      case FSYNCDIR -> new DirectoryRequest.SyncDirectory(in.u64());
      case GETXATTR -> getXattr(in);
      case LISTXATTR -> new XattrRequest.ListNames(size(in));
      case SETXATTR -> setXattr(in);
      case REMOVEXATTR -> new XattrRequest.Remove(in.string());
      case INIT -> init(in);
      case DESTROY -> new SessionRequest.Destroy();
      case FORGET -> new SessionRequest.Forget();
      case BATCH_FORGET -> forgetSeveral(in);
      case INTERRUPT -> new SessionRequest.Interrupt(in.u64());
      case SYNCFS -> new SessionRequest.SyncAll();
      case GETLK, SETLK, SETLKW -> lock(opcode, in);
      case BMAP, IOCTL, POLL, NOTIFY_REPLY, SETUPMAPPING, REMOVEMAPPING ->
          new Request.Unsupported(opcode);
    };
  }

  private static Request lookup(RequestCursor in) throws MalformedRequest, FsException {
    byte[] name = in.string();
    if (name.length == 1 && name[0] == '.') {
      return new EntryRequest.LookupSelf();
    }
    if (name.length == 2 && name[0] == '.' && name[1] == '.') {
      return new EntryRequest.LookupParent();
    }
    return new EntryRequest.Lookup(RequestCursor.fileName(name));
  }

  /** fuse_mknod_in: mode, rdev, umask, padding; name. */
  private static Request makeNode(RequestCursor in) throws MalformedRequest, FsException {
    int mode = in.u32();
    int device = in.u32();
    int umask = in.u32();
    in.skip(4);
    return new EntryRequest.MakeNode(in.name(), mode, device, umask);
  }

  /** fuse_mkdir_in: mode, umask; name. */
  private static Request makeDirectory(RequestCursor in) throws MalformedRequest, FsException {
    int mode = in.u32();
    int umask = in.u32();
    return new EntryRequest.MakeDirectory(in.name(), mode, umask);
  }

  /** fuse_rename_in: newdir; fuse_rename2_in: newdir, flags, padding; both: two names. */
  private static Request rename(Opcode opcode, RequestCursor in)
      throws MalformedRequest, FsException {
    long newParent = in.u64();
    int flags = 0;
    if (opcode == Opcode.RENAME2) {
      flags = in.u32();
      in.skip(4);
    }
    return new EntryRequest.Rename(in.name(), newParent, in.name(), flags);
  }

  /** fuse_create_in: flags, mode, umask, open_flags; name. */
  private static Request create(RequestCursor in) throws MalformedRequest, FsException {
    int flags = in.u32();
    int mode = in.u32();
    int umask = in.u32();
    in.skip(4);
    return new EntryRequest.Create(in.name(), flags, mode, umask);
  }

  /** As CREATE; the name stands for nothing. */
  private static Request createUnnamed(RequestCursor in) throws MalformedRequest {
    return new EntryRequest.CreateUnnamed(in.u32(), in.u32(), in.u32());
  }

  /**
   * fuse_setattr_in: valid, padding, fh, size, lock_owner, atime, mtime, ctime, three nanoseconds,
   * mode, unused, uid, gid, unused.
   */
  private static Request setAttributes(RequestCursor in) throws MalformedRequest {
    int valid = in.u32();
    in.skip(4);
    long handle = in.u64();
    long size = in.u64();
    in.skip(8);
    long accessed = in.u64();
    long modified = in.u64();
    long changed = in.u64();
    int accessedNanos = in.u32();
    int modifiedNanos = in.u32();
    int changedNanos = in.u32();
    int mode = in.u32();
    in.skip(4);
    int uid = in.u32();
    int gid = in.u32();
    in.skip(4);
    if ((valid & Flags.SET_SIZE) != 0 && size < 0) {
      throw new MalformedRequest("file size " + size);
    }
    return new NodeRequest.SetAttributes(
        valid,
        (valid & Flags.SET_HANDLE) != 0 ? handle : 0,
        mode,
        uid,
        gid,
        size,
        time(valid, Flags.SET_ATIME, accessed, accessedNanos),
        time(valid, Flags.SET_MTIME, modified, modifiedNanos),
        time(valid, Flags.SET_CTIME, changed, changedNanos));
  }

  private static Timestamp time(int valid, int bit, long seconds, int nanos)
      throws MalformedRequest {
    return (valid & bit) != 0
        ? RequestCursor.timestamp(seconds, nanos)
        : RequestCursor.timestamp(0, 0);
  }

  /** fuse_write_in: fh, offset, size, write_flags, lock_owner, flags, padding; data. */
  private static Request write(RequestCursor in) throws MalformedRequest {
    long handle = in.u64();
    long offset = offset(in);
    int size = size(in);
    int writeFlags = in.u32();
    in.skip(8);
    int flags = in.u32();
    in.skip(4);
    return new FileRequest.Write(handle, offset, in.view(size), writeFlags, flags);
  }

  /** fuse_flush_in: fh, unused, padding, lock_owner. */
  private static Request flush(RequestCursor in) throws MalformedRequest {
    long handle = in.u64();
    in.skip(8);
    return new FileRequest.Flush(handle, in.u64());
  }

  /** fuse_lk_in: fh, owner, a lock (first and last byte, type, pid), lk_flags, padding. */
  private static Request lock(Opcode opcode, RequestCursor in) throws MalformedRequest {
    long handle = in.u64();
    long owner = in.u64();
    long first = in.u64();
    long last = in.u64();
    int type = in.u32();
    int pid = in.u32();
    LockKind kind = (in.u32() & Flags.LOCK_FLOCK) != 0 ? LockKind.FLOCK : LockKind.POSIX;
    in.skip(4);
    if (first < 0 || last < first) {
      throw new MalformedRequest("lock of bytes %d to %d".formatted(first, last));
    }
    ByteRange range = new ByteRange(first, last);
    if (type == LockTypes.UNLOCKED && opcode != Opcode.GETLK) {
      return new LockRequest.Unlock(handle, owner, kind, range);
    }
    LockMode mode = LockTypes.mode(type);
    return opcode == Opcode.GETLK
        ? new LockRequest.GetLock(handle, owner, kind, range, mode)
        : new LockRequest.SetLock(
            handle, owner, kind, range, mode, pid, opcode == Opcode.SETLKW);
  }

  /** fuse_getattr_in: getattr_flags, dummy, fh. */
  private static Request getAttributes(RequestCursor in) throws MalformedRequest {
    int flags = in.u32();
    in.skip(4);
    long handle = in.u64();
    return new NodeRequest.GetAttributes((flags & Flags.GET_HANDLE) != 0 ? handle : 0);
  }

  /** fuse_copy_file_range_in: fh_in, off_in, nodeid_out, fh_out, off_out, len, flags. */
  private static Request copyRange(RequestCursor in, boolean wide) throws MalformedRequest {
    long handle = in.u64();
    long offset = offset(in);
    long toNode = in.u64();
    long toHandle = in.u64();
    long toOffset = offset(in);
    long length = offset(in);
    in.skip(8);
    return new FileRequest.CopyRange(
        handle, offset, toNode, toHandle, toOffset, length, wide);
  }

  /** fuse_getxattr_in: size, padding; name. */
  private static Request getXattr(RequestCursor in) throws MalformedRequest {
    int size = size(in);
    in.skip(4);
    return new XattrRequest.Get(in.string(), size);
  }

  /** fuse_setxattr_in: size, flags and, in the long form, setxattr_flags, padding; name, value. */
  private Request setXattr(RequestCursor in) throws MalformedRequest {
    int size = size(in);
    int flags = in.u32();
    if (longSetxattr) {
      in.skip(8);
    }
    return new XattrRequest.Put(in.string(), in.bytes(size), flags);
  }

  /** fuse_init_in: major, minor, max_readahead, flags and, since 7.36, flags2 and 11 unused. */
  private static Request init(RequestCursor in) throws MalformedRequest {
    int major = in.u32();
    int minor = in.u32();
    int maxReadahead = in.u32();
    long flags = Integer.toUnsignedLong(in.u32());
    if ((flags & InitFlags.INIT_EXT) != 0) {
      flags |= (long) in.u32() << 32;
    }
    return new SessionRequest.Init(major, minor, maxReadahead, flags);
  }

  /** fuse_batch_forget_in: count, dummy; each node and how often it was looked up. */
  private static Request forgetSeveral(RequestCursor in) throws MalformedRequest {
    int count = size(in);
    in.skip(4);
    if (count > in.remaining() / 16) {
      throw new MalformedRequest(count + " nodes to forget in " + in.remaining() + " bytes");
    }
    long[] nodes = new long[count];
    for (int i = 0; i < count; i++) {
      nodes[i] = in.u64();
      in.skip(8);
    }
    return new SessionRequest.ForgetSeveral(nodes);
  }

  private static int size(RequestCursor in) throws MalformedRequest {
    int size = in.u32();
    if (size < 0) {
      throw new MalformedRequest("size " + Integer.toUnsignedString(size));
    }
    return size;
  }

  private static long offset(RequestCursor in) throws MalformedRequest {
    long offset = in.u64();
    if (offset < 0) {
      throw new MalformedRequest("offset " + Long.toUnsignedString(offset));
    }
    return offset;
  }
}
