package io.strata.fuse.server;

import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.NodeIds;
import java.lang.foreign.MemorySegment;

/**
 * The circumstances of a request.
 *
 * @param caller on whose behalf, and whether it may wait
 * @param ids what the kernel calls inodes while the request runs
 * @param nodeId what it is about, unchecked
 * @param body room for the reply's body
 */
record Call(Caller caller, NodeIds ids, long nodeId, MemorySegment body) {
  /** The inode that it is about; ESTALE if that is not the one that it was any more. */
  Ino node() throws FsException {
    return ids.ino(nodeId);
  }

  /** The inode that it is about, for what ends with it: handles and locks from before count too. */
  Ino nodeOfAnyEra() throws FsException {
    return ids.inoOfAnyEra(nodeId);
  }

  /** Another inode that the request names; ESTALE as for {@link #node()}. */
  Ino ino(long otherNodeId) throws FsException {
    return ids.ino(otherNodeId);
  }

  /** The first {@code size} bytes of the body, or all of it if that is less. */
  MemorySegment body(int size) {
    return body.asSlice(0, Math.min(size, body.byteSize()));
  }
}
