package io.strata.vhost.queue;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Buffers of a chain as one run of bytes, which lies in guest memory in pieces. */
public interface GuestBuffers {
  /** All of it. */
  long byteSize();

  /** Copies {@code into.byteSize()} bytes that begin at {@code at}. */
  void copyTo(long at, MemorySegment into);

  /** Writes all of {@code from} at {@code at}. */
  void copyFrom(MemorySegment from, long at);

  /** A view of these bytes if they lie in one piece of guest memory. */
  @Nullable MemorySegment contiguous(long at, long length);
}
