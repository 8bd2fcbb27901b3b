package io.strata.vhost.queue;

import java.lang.foreign.MemorySegment;

/**
 * One side of a chain: buffers in guest memory, in order, as one run of bytes. The guest can change
 * them at any time, so what is to be checked is copied before. There are only copies, no views:
 * guest memory may be torn away, and only this module survives that.
 *
 * <p>Offsets and lengths outside of {@link #byteSize} are errors of the caller ({@link
 * IndexOutOfBoundsException}); memory that is gone shows as a {@link QueueBrokenException}. For any
 * thread, until the chain is completed.
 */
public interface GuestBuffers {
  /** All of it; 0 if there are none. */
  long byteSize();

  /** Copies {@code into.byteSize()} bytes that begin at {@code at}. */
  void copyTo(long at, MemorySegment into);

  /** Writes all of {@code from} at {@code at}. */
  void copyFrom(MemorySegment from, long at);
}
