package io.strata.vhost.memory;

import java.lang.foreign.MemorySegment;

/**
 * Bytes that lie in one piece of guest memory.
 *
 * @param guestAddress of the first
 * @param bytes the memory itself, for {@link GuestAccess} only
 */
public record GuestRange(long guestAddress, MemorySegment bytes) {
  /** How many. */
  public long byteSize() {
    return bytes.byteSize();
  }
}
