package io.strata.fuse.abi;

import java.lang.foreign.MemorySegment;

/** Requests about an open file. */
public sealed interface FileRequest extends Request {
  /** OPEN; {@code flags} as open(2), {@code openFlags} as {@link Flags#OPEN_KILL_SUIDGID}. */
  record Open(int flags, int openFlags) implements FileRequest {}

  /** READ of up to {@code size} bytes. */
  record Read(long handle, long offset, int size) implements FileRequest {}

  /**
   * WRITE.
   *
   * @param data a view of the message, valid until it is answered
   * @param writeFlags {@code FUSE_WRITE_*}
   * @param flags those that the file was opened with
   */
  record Write(long handle, long offset, MemorySegment data, int writeFlags, int flags)
      implements FileRequest {
    /** fuse_in_header and fuse_write_in. */
    private static final int DATA_OFFSET = 80;

    /** The same with its data in the whole message, or a copy of that. */
    public Write withDataOf(MemorySegment message) {
      MemorySegment copied = message.asSlice(DATA_OFFSET, data.byteSize());
      return new Write(handle, offset, copied, writeFlags, flags);
    }
  }

  /** FLUSH: a descriptor was closed by {@code lockOwner}, who holds no POSIX locks any more. */
  record Flush(long handle, long lockOwner) implements FileRequest {}

  /** RELEASE: the last descriptor was closed; nothing is locked through it any more. */
  record Release(long handle) implements FileRequest {}

  /** FSYNC. */
  record Sync(long handle, boolean dataOnly) implements FileRequest {}

  /** FALLOCATE; {@code mode} as fallocate(2). */
  record Allocate(long handle, long offset, long length, int mode) implements FileRequest {}

  /** LSEEK for SEEK_DATA and SEEK_HOLE. */
  record Seek(long handle, long offset, int whence) implements FileRequest {}

  /** COPY_FILE_RANGE and COPY_FILE_RANGE_64; {@code wide} tells which, as their replies differ. */
  record CopyRange(
      long handle,
      long offset,
      long toNode,
      long toHandle,
      long toOffset,
      long length,
      boolean wide)
      implements FileRequest {}
}
