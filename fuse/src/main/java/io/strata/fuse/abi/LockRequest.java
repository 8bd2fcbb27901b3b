package io.strata.fuse.abi;

import io.strata.fs.locks.ByteRange;
import io.strata.fs.locks.LockKind;
import io.strata.fs.locks.LockMode;

/** Requests about locks of an open file; {@code owner} is the kernel's name for who asks. */
public sealed interface LockRequest extends Request {
  /** GETLK: what is in the way of such a lock? */
  record GetLock(long handle, long owner, LockKind kind, ByteRange range, LockMode mode)
      implements LockRequest {}

  /** SETLK, or SETLKW where it {@code waits}, that takes a lock; {@code pid} is the process. */
  record SetLock(
      long handle,
      long owner,
      LockKind kind,
      ByteRange range,
      LockMode mode,
      int pid,
      boolean waits)
      implements LockRequest {}

  /** SETLK or SETLKW that gives up what is held of a range. */
  record Unlock(long handle, long owner, LockKind kind, ByteRange range) implements LockRequest {}
}
