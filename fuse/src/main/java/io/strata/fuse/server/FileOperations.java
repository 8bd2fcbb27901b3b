package io.strata.fuse.server;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.OpenFlags;
import io.strata.fs.WouldBlock;
import io.strata.fs.locks.LockKind;
import io.strata.fs.locks.LockSession;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.FileRequest;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Notification;
import io.strata.fuse.abi.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests about open files. */
final class FileOperations {
  private static final Logger LOG = LoggerFactory.getLogger(FileOperations.class);

  private static final int SET_ID_BITS = 06000;

  private static final AttributeChange CLEAR_SET_ID =
      new AttributeChange(null, null, null, null, null, null, null, true);

  private final FileSystem fileSystem;
  private final OpenHandles handles;
  private final @Nullable Notifier notifier;
  private final @Nullable LockSession locks;
  private final SeenVersions seen = new SeenVersions();

  FileOperations(
      FileSystem fileSystem,
      OpenHandles handles,
      @Nullable Notifier notifier,
      @Nullable LockSession locks) {
    this.fileSystem = fileSystem;
    this.handles = handles;
    this.notifier = notifier;
    this.locks = locks;
  }

  Reply answer(Call call, FileRequest request, OpenMode openMode) throws FsException {
    Caller caller = call.caller();
    return switch (request) {
      case FileRequest.Open open -> open(call, open, openMode);
      case FileRequest.Read read -> {
        handles.require(caller, call.node(), read.handle());
        yield new Reply.InPlace(
            fileSystem.read(caller, read.handle(), read.offset(), call.body(read.size())));
      }
      case FileRequest.Write write -> write(call, write, openMode);
      case FileRequest.Flush flush -> {
        flush(call, flush);
        yield Reply.Done.DONE;
      }
      case FileRequest.Release release -> {
        Ino ino = call.nodeOfAnyEra();
        handles.release(caller, ino, release.handle());
        if (locks != null) {
          locks.closed(ino, release.handle());
        }
        yield Reply.Done.DONE;
      }
      case FileRequest.Sync sync -> {
        handles.require(caller, call.node(), sync.handle());
        fileSystem.sync(caller, sync.handle(), sync.dataOnly());
        yield Reply.Done.DONE;
      }
      case FileRequest.Allocate allocate -> {
        handles.require(caller, call.node(), allocate.handle());
        fileSystem.allocate(
            caller, allocate.handle(), allocate.offset(), allocate.length(), allocate.mode());
        yield Reply.Done.DONE;
      }
      case FileRequest.Seek seek -> seek(call, seek, openMode);
      case FileRequest.CopyRange copy -> copy(call, copy);
    };
  }

  /** Data was sent before, or went through: only locks make a kernel ask at every close. */
  private void flush(Call call, FileRequest.Flush flush) throws FsException {
    if (locks == null) {
      throw new FsException(Errno.ENOSYS, "nothing to flush");
    }
    Ino ino = call.nodeOfAnyEra();
    handles.require(call.caller(), ino, flush.handle());
    locks.unlockAll(ino, LockKind.POSIX, flush.lockOwner());
  }

  private Reply open(Call call, FileRequest.Open open, OpenMode openMode) throws FsException {
    Ino ino = call.node();
    int flags = openMode.flags(open.flags());
    boolean clearSetId =
        (open.flags() & OpenFlags.TRUNCATE) != 0
            && (open.openFlags() & Flags.OPEN_KILL_SUIDGID) != 0;
    boolean unchanged =
        openMode.asksForChanges(ino) && seen.unchanged(fileSystem.attributes(call.caller(), ino));
    long handle =
        clearSetId
            ? openClearingSetId(call, ino, flags & ~OpenFlags.TRUNCATE)
            : fileSystem.open(call.caller(), ino, flags);
    handles.fileOpened(handle, ino, OpenFlags.writes(open.flags()));
    return new Reply.Opened(handle, openMode.openedFlags(ino, unchanged));
  }

  private long openClearingSetId(Call call, Ino ino, int flags) throws FsException {
    Caller caller = call.caller();
    boolean setId = hasSetId(caller, ino);
    long handle = fileSystem.open(caller, ino, flags);
    boolean truncated = false;
    try {
      AttributeChange empty = new AttributeChange(null, null, null, 0L, null, null, null, true);
      fileSystem.change(caller, ino, empty, handle);
      truncated = true;
    } finally {
      if (!truncated) {
        fileSystem.release(handle);
      }
    }
    if (setId) {
      forgetAttributes(call.nodeId());
    }
    return handle;
  }

  private boolean hasSetId(Caller caller, Ino ino) throws FsException {
    return (fileSystem.attributes(caller, ino).mode() & SET_ID_BITS) != 0;
  }

  /**
   * The kernel asks us to clear set-id bits and yet believes the mode that it has cached. One that
   * cannot be told has not been allowed to cache it (abi.Lifetimes).
   */
  private void forgetAttributes(long node) {
    if (notifier != null) {
      try {
        notifier.send(Notification.InvalidateInode.attributes(node));
      } catch (IOException e) {
        LOG.warn("the kernel may show an old mode of node {}: {}", node, e.getMessage());
      }
    }
  }

  /** Appends only where the kernel does not find the end of the file itself. */
  private Reply write(Call call, FileRequest.Write write, OpenMode openMode) throws FsException {
    Caller caller = call.caller();
    handles.require(caller, call.node(), write.handle());
    boolean clearSetId =
        (write.writeFlags() & Flags.WRITE_KILL_SUIDGID) != 0 && hasSetId(caller, call.node());
    if (appends(write, openMode)) {
      if (clearSetId) {
        // It can be done twice; what must not be, the appending, is all that the request records.
        fileSystem.change(caller.unheard(), call.node(), CLEAR_SET_ID, write.handle());
        forgetAttributes(call.nodeId());
      }
      fileSystem.append(caller, write.handle(), write.data());
      return new Reply.Written(Math.toIntExact(write.data().byteSize()));
    }
    int written =
        fileSystem.write(caller, write.handle(), write.offset(), write.data(), clearSetId);
    if (clearSetId) {
      forgetAttributes(call.nodeId());
    }
    return new Reply.Written(written);
  }

  /** Whether the kernel leaves it to us to find the end of the file. */
  static boolean appends(FileRequest.Write write, OpenMode openMode) {
    return (write.flags() & OpenFlags.APPEND) != 0
        && (write.writeFlags() & Flags.WRITE_FROM_CACHE) == 0
        && !openMode.writebackCache();
  }

  /**
   * The kernel asks for data and holes without writing its dirty pages first (as of Linux 6.18), so
   * that written data would be taken for a hole: it is made to, where it may have any.
   */
  private Reply seek(Call call, FileRequest.Seek seek, OpenMode openMode) throws FsException {
    handles.require(call.caller(), call.node(), seek.handle());
    if (openMode.writebackCache() && handles.openForWriting(call.node())) {
      if (notifier == null) {
        throw new FsException(Errno.ENOSYS, "holes are unknown while data is held back");
      }
      if (!call.caller().mayWait()) {
        throw new WouldBlock();
      }
      try {
        notifier.send(Notification.InvalidateInode.all(call.nodeId()));
      } catch (InterruptedIOException e) {
        throw new FsException(Errno.EINTR, "interrupted", e);
      } catch (IOException e) {
        throw new FsException(Errno.EIO, "cannot make the kernel write its pages", e);
      }
    }
    return new Reply.Count(
        fileSystem.seek(call.caller(), seek.handle(), seek.offset(), seek.whence()));
  }

  private Reply copy(Call call, FileRequest.CopyRange copy) throws FsException {
    Caller caller = call.caller();
    handles.require(caller, call.node(), copy.handle());
    handles.require(caller, call.ino(copy.toNode()), copy.toHandle());
    // The older request answers in 32 bits; copying less than asked for is always allowed.
    long length = copy.wide() ? copy.length() : Math.min(copy.length(), 1 << 30);
    long copied =
        fileSystem.copy(
            caller, copy.handle(), copy.offset(), copy.toHandle(), copy.toOffset(), length);
    return copy.wide() ? new Reply.Count(copied) : new Reply.Written(Math.toIntExact(copied));
  }
}
