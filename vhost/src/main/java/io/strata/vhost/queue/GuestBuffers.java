package io.strata.vhost.queue;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One side of a descriptor chain: buffers in guest memory, in order, as one run of bytes. The guest
 * can change them at any time: what is checked must have been copied before.
 *
 * <p>Offsets and lengths outside of {@link #byteSize} are errors of the caller ({@link
 * IndexOutOfBoundsException}). Memory that was torn away under the guest shows as a {@link
 * QueueBrokenException}. Safe for any thread until the chain is completed.
 */
public interface GuestBuffers {
  /** All their bytes, 0 if there are none. */
  long byteSize();

  /** Copies {@code into.byteSize()} bytes from {@code at}. */
  void copyTo(long at, MemorySegment into);

  /** Copies all of {@code from} to {@code at}; only on the side that the device may write. */
  void copyFrom(MemorySegment from, long at);

  /**
   * A view of {@code length} bytes at {@code at} if they lie in one piece, else null. It must not
   * be passed to native code, and is invalid once the chain is completed. Who writes through it
   * need not tell: the whole view counts as written when migration asks.
   */
  @Nullable MemorySegment contiguous(long at, long length);
}
