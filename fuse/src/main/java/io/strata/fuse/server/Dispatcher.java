package io.strata.fuse.server;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.locks.LockSession;
import io.strata.fs.OpenFlags;
import io.strata.fs.continuity.EarlierRequest;
import io.strata.fuse.abi.DirectoryRequest;
import io.strata.fuse.abi.EntryRequest;
import io.strata.fuse.abi.FileRequest;
import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.abi.LockRequest;
import io.strata.fuse.abi.NodeIds;
import io.strata.fuse.abi.NodeRequest;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.Reply;
import io.strata.fuse.abi.Request;
import io.strata.fuse.abi.SessionRequest;
import io.strata.fuse.abi.XattrRequest;
import io.strata.platform.Clock;
import org.jspecify.annotations.Nullable;

/** Turns a decoded request into calls of the filesystem, and what comes of them into a reply. */
final class Dispatcher {
  private final FileSystem fileSystem;
  private final EntryOperations entries;
  private final NodeOperations nodes;
  private final FileOperations files;
  private final DirectoryOperations directories;
  private final XattrOperations xattrs;
  private final LockOperations locks;
  private final RepeatedRequests repeated = new RepeatedRequests(this);

  Dispatcher(
      FileSystem fileSystem,
      OpenHandles handles,
      SessionOptions options,
      Clock clock,
      @Nullable Notifier notifier,
      @Nullable LockSession locks) {
    this.fileSystem = fileSystem;
    Lifetimes lifetimes =
        notifier == null ? options.lifetimes().irrevocable() : options.lifetimes();
    this.entries = new EntryOperations(fileSystem, handles, lifetimes);
    this.nodes = new NodeOperations(fileSystem, handles, lifetimes, clock);
    this.files = new FileOperations(fileSystem, handles, notifier, locks);
    this.directories = new DirectoryOperations(fileSystem, handles, lifetimes);
    this.locks = new LockOperations(handles, locks);
    this.xattrs = new XattrOperations(fileSystem, options.extendedAttributes());
  }

  /** Whether a request waits for the store for certain, so that trying without is no use. */
  static boolean waits(Request request) {
    return request instanceof FileRequest.Sync
        || request instanceof DirectoryRequest.SyncDirectory
        || request instanceof SessionRequest.SyncAll;
  }

  /**
   * Whether a request is about files as they are now, so that it must not be under way while they
   * are replaced. Others may wait for somebody who is held back meanwhile: a lock for its owner, a
   * search for holes for what the kernel writes first.
   */
  static boolean needsFiles(Request request) {
    return !(request instanceof LockRequest || request instanceof FileRequest.Seek);
  }

  /** Whether a request may change something, so that it must not be run twice. */
  static boolean changes(Request request) {
    return switch (request) {
      case EntryRequest.Lookup _, EntryRequest.LookupSelf _, EntryRequest.LookupParent _ -> false;
      case EntryRequest _ -> true;
      case NodeRequest node -> node instanceof NodeRequest.SetAttributes;
      case FileRequest.Open open -> (open.flags() & OpenFlags.TRUNCATE) != 0;
      case FileRequest.Write _, FileRequest.Allocate _, FileRequest.CopyRange _ -> true;
      case FileRequest _ -> false;
      case DirectoryRequest _, LockRequest _, SessionRequest _, Request.Unsupported _ -> false;
      case XattrRequest xattr ->
          xattr instanceof XattrRequest.Put || xattr instanceof XattrRequest.Remove;
    };
  }

  /**
   * Answers a request that has taken effect before, in an earlier process.
   *
   * @throws FsException as {@link #answer(Call, Request, OpenMode)}
   */
  Reply answer(Call call, Request request, OpenMode openMode, EarlierRequest earlier)
      throws FsException {
    return repeated.answer(call, request, openMode, earlier);
  }

  EntryOperations entries() {
    return entries;
  }

  /**
   * Answers a request. The session answers INIT, DESTROY, FORGET and INTERRUPT itself.
   *
   * @throws FsException what the kernel is told; {@code WouldBlock} only if the caller may not wait
   */
  Reply answer(Call call, Request request, OpenMode openMode) throws FsException {
    return switch (request) {
      case EntryRequest entry -> entries.answer(call, entry, openMode);
      case NodeRequest node -> nodes.answer(call, node);
      case FileRequest file -> files.answer(call, file, openMode);
      case LockRequest lock -> locks.answer(call, lock);
      case DirectoryRequest directory -> directories.answer(call, directory, openMode);
      case XattrRequest xattr -> xattrs.answer(call, xattr);
      case SessionRequest.SyncAll _ -> {
        fileSystem.syncAll(call.caller());
        yield Reply.Done.DONE;
      }
      case SessionRequest session ->
          throw new FsException(Errno.EINVAL, session + " is for the session");
      case Request.Unsupported unsupported -> throw refusal(unsupported.opcode());
    };
  }

  /**
   * Nodes are inodes and live on without being looked up; a view may remember less. Of an inode that
   * the kernel knew before the files were replaced it may know the successor.
   */
  void forget(NodeIds ids, long nodeId) {
    ids.belowRoot(nodeId).ifPresent(ino -> fileSystem.forgotten(Caller.ROOT.hasty(), ino));
  }

  /** ENOSYS makes the kernel do without, and not ask again; an unknown ioctl is ENOTTY. */
  private static FsException refusal(Opcode opcode) {
    Errno errno = opcode == Opcode.IOCTL ? Errno.ENOTTY : Errno.ENOSYS;
    return new FsException(errno, opcode + " is not offered");
  }
}
