package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.WantedLock;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.LockRequest;
import io.strata.fuse.abi.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests about locks. A kernel locks only what it has open: the handle has to be one of
 * the node that the request names.
 */
final class LockOperations {
  private final OpenHandles handles;
  private final @Nullable LockSession locks;

  /** Locks of {@code locks}; if null the kernel keeps its own. */
  LockOperations(OpenHandles handles, @Nullable LockSession locks) {
    this.handles = handles;
    this.locks = locks;
  }

  Reply answer(Call call, LockRequest request) throws FsException {
    LockSession shared = locks;
    if (shared == null) {
      throw new FsException(Errno.ENOSYS, "locks are the kernel's own");
    }
    return switch (request) {
      case LockRequest.GetLock get -> {
        Ino ino = locked(call, get.handle());
        WantedLock wanted =
            new WantedLock(ino, get.kind(), get.owner(), get.range(), get.mode(), 0, get.handle());
        yield new Reply.Lock(shared.conflict(wanted).orElse(null));
      }
      case LockRequest.SetLock set -> {
        Ino ino = locked(call, set.handle());
        lock(
            call,
            shared,
            new WantedLock(
                ino,
                set.kind(),
                set.owner(),
                set.range(),
                set.mode(),
                set.pid(),
                set.handle()),
            set.waits());
        yield Reply.Done.DONE;
      }
      case LockRequest.Unlock unlock -> {
        Ino ino = call.nodeOfAnyEra();
        handles.require(call.caller(), ino, unlock.handle());
        shared.unlock(ino, unlock.kind(), unlock.owner(), unlock.range());
        yield Reply.Done.DONE;
      }
    };
  }

  private Ino locked(Call call, long handle) throws FsException {
    handles.require(call.caller(), call.node(), handle);
    return call.node();
  }

  private static void lock(Call call, LockSession shared, WantedLock wanted, boolean waits)
      throws FsException {
    if (shared.tryLock(wanted)) {
      return;
    }
    if (!waits) {
      throw new FsException(Errno.EAGAIN, "somebody else has a lock");
    }
    if (!call.caller().mayWait()) {
      throw new WouldBlock();
    }
    shared.lock(wanted);
  }
}
