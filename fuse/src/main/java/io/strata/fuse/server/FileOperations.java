package io.strata.fuse.server;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.FileRequest;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Notification;
import io.strata.fuse.abi.Reply;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Answers requests about open files. */
final class FileOperations {
  private final FileSystem fileSystem;
  private final OpenHandles handles;
  private final @Nullable Notifier notifier;

  FileOperations(FileSystem fileSystem, OpenHandles handles, @Nullable Notifier notifier) {
    this.fileSystem = fileSystem;
    this.handles = handles;
    this.notifier = notifier;
  }

  Reply answer(Call call, FileRequest request, OpenMode openMode) throws FsException {
    Caller caller = call.caller();
    return switch (request) {
      case FileRequest.Open open -> open(call, open, openMode);
      case FileRequest.Read read ->
          new Reply.InPlace(
              fileSystem.read(caller, read.handle(), read.offset(), call.body(read.size())));
      case FileRequest.Write write -> write(caller, write, openMode);
      // Data was sent before, or went through: the kernel need not ask at every close.
      case FileRequest.Flush _ -> throw new FsException(Errno.ENOSYS, "nothing to flush");
      case FileRequest.Release release -> {
        handles.releaseFile(release.handle());
        yield Reply.Done.DONE;
      }
      case FileRequest.Sync sync -> {
        fileSystem.sync(caller, sync.handle(), sync.dataOnly());
        yield Reply.Done.DONE;
      }
      case FileRequest.Allocate allocate -> {
        fileSystem.allocate(
            caller, allocate.handle(), allocate.offset(), allocate.length(), allocate.mode());
        yield Reply.Done.DONE;
      }
      case FileRequest.Seek seek -> seek(call, seek, openMode);
      case FileRequest.CopyRange copy -> copy(caller, copy);
    };
  }

  private Reply open(Call call, FileRequest.Open open, OpenMode openMode) throws FsException {
    Ino ino = call.node();
    int flags = openMode.flags(open.flags());
    boolean clearSetId =
        (open.flags() & OpenFlags.TRUNCATE) != 0
            && (open.openFlags() & Flags.OPEN_KILL_SUIDGID) != 0;
    long handle =
        clearSetId
            ? openClearingSetId(call.caller(), ino, flags & ~OpenFlags.TRUNCATE)
            : fileSystem.open(call.caller(), ino, flags);
    handles.fileOpened(handle, ino, OpenFlags.writes(open.flags()));
    return new Reply.Opened(handle, openMode.openedFlags());
  }

  private long openClearingSetId(Caller caller, Ino ino, int flags) throws FsException {
    long handle = fileSystem.open(caller, ino, flags);
    boolean truncated = false;
    try {
      AttributeChange empty = new AttributeChange(null, null, null, 0L, null, null, null, true);
      fileSystem.change(caller, ino, empty, handle);
      truncated = true;
      return handle;
    } finally {
      if (!truncated) {
        fileSystem.release(handle);
      }
    }
  }

  /** Appends only where the kernel does not find the end of the file itself. */
  private Reply write(Caller caller, FileRequest.Write write, OpenMode openMode)
      throws FsException {
    boolean fromCache = (write.writeFlags() & Flags.WRITE_FROM_CACHE) != 0;
    boolean appends = (write.flags() & OpenFlags.APPEND) != 0;
    boolean clearSetId = (write.writeFlags() & Flags.WRITE_KILL_SUIDGID) != 0;
    if (appends && !fromCache && !openMode.writebackCache() && !clearSetId) {
      fileSystem.append(caller, write.handle(), write.data());
      return new Reply.Written(Math.toIntExact(write.data().byteSize()));
    }
    return new Reply.Written(
        fileSystem.write(caller, write.handle(), write.offset(), write.data(), clearSetId));
  }

  /**
   * The kernel asks for data and holes without writing its dirty pages first (as of Linux 6.18), so
   * that written data would be taken for a hole: it is made to, where it may have any.
   */
  private Reply seek(Call call, FileRequest.Seek seek, OpenMode openMode) throws FsException {
    if (openMode.writebackCache() && handles.openForWriting(call.node())) {
      if (notifier == null) {
        throw new FsException(Errno.ENOSYS, "holes are unknown while data is held back");
      }
      if (!call.caller().mayWait()) {
        throw new io.strata.fs.WouldBlock();
      }
      try {
        notifier.send(new Notification.InvalidateInode(call.node(), 0, 0));
      } catch (IOException e) {
        throw new FsException(Errno.EIO, "cannot make the kernel write its pages", e);
      }
    }
    return new Reply.Count(
        fileSystem.seek(call.caller(), seek.handle(), seek.offset(), seek.whence()));
  }

  private Reply copy(Caller caller, FileRequest.CopyRange copy) throws FsException {
    // The older request answers in 32 bits; copying less than asked for is always allowed.
    long length = copy.wide() ? copy.length() : Math.min(copy.length(), 1 << 30);
    long copied =
        fileSystem.copy(
            caller, copy.handle(), copy.offset(), copy.toHandle(), copy.toOffset(), length);
    return copy.wide() ? new Reply.Count(copied) : new Reply.Written(Math.toIntExact(copied));
  }
}
