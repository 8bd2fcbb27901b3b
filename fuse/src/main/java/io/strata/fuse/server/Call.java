package io.strata.fuse.server;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;

/**
 * The circumstances of a request.
 *
 * @param caller on whose behalf, and whether it may wait
 * @param nodeId what it is about, unchecked
 * @param body room for the reply's body
 */
record Call(Caller caller, long nodeId, MemorySegment body) {
  /** The inode that it is about. */
  Ino node() throws FsException {
    return ino(nodeId);
  }

  /** Any node number from the kernel as an inode number: they are the same. */
  static Ino ino(long nodeId) throws FsException {
    if (nodeId < 1) {
      throw new FsException(Errno.ESTALE, "there is no node " + nodeId);
    }
    return new Ino(nodeId);
  }

  /** The first {@code size} bytes of the body, or all of it if that is less. */
  MemorySegment body(int size) {
    return body.asSlice(0, Math.min(size, body.byteSize()));
  }
}
