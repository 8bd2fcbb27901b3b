package io.strata.vhost.memory;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.SystemCallException;
import java.lang.foreign.MemorySegment;

/**
 * A run of guest memory, mapped (vhost-user, "Memory region description"). Whoever makes it holds
 * it and must {@link #release} it; it is unmapped when the last holder has.
 */
public final class MemoryRegion {
  /** More than any machine has; what claims to be so large is a mistake. */
  static final long BYTES_MAX = 1L << 44;

  /** Physical and user addresses of all machines lie below. */
  private static final long ADDRESS_MAX = 1L << 57;

  private final long guestAddress;
  private final long userAddress;
  private final long byteSize;
  private final Mapping mapping;
  private final HolderCount holders = new HolderCount();

  private MemoryRegion(long guestAddress, long userAddress, long byteSize, Mapping mapping) {
    this.guestAddress = guestAddress;
    this.userAddress = userAddress;
    this.byteSize = byteSize;
    this.mapping = mapping;
  }

  /**
   * Maps a region. The descriptor stays the caller's, and is not needed afterwards.
   *
   * @param guestAddress where the guest sees it
   * @param userAddress where the front end has it in its own address space
   * @param offset where it begins in the file
   * @throws InvalidGuestMemory if it is empty, huge, at no possible address, or not in the file
   */
  public static MemoryRegion map(
      Descriptor file, long guestAddress, long byteSize, long userAddress, long offset)
      throws InvalidGuestMemory {
    String name = name(guestAddress, byteSize, userAddress);
    if (byteSize <= 0 || byteSize > BYTES_MAX) {
      throw new InvalidGuestMemory(name + ": no region has that size");
    }
    if (outOfBounds(guestAddress, byteSize) || outOfBounds(userAddress, byteSize)) {
      throw new InvalidGuestMemory(name + ": no region is there");
    }
    try {
      return new MemoryRegion(
          guestAddress, userAddress, byteSize, Mapping.shared(file, offset, byteSize));
    } catch (SystemCallException e) {
      throw new InvalidGuestMemory(name + ": " + e.getMessage(), e);
    }
  }

  private static boolean outOfBounds(long address, long byteSize) {
    return address < 0 || address > ADDRESS_MAX - byteSize;
  }

  private static String name(long guestAddress, long byteSize, long userAddress) {
    return "memory region of 0x%x bytes at guest address 0x%x, user address 0x%x"
        .formatted(byteSize, guestAddress, userAddress);
  }

  long guestAddress() {
    return guestAddress;
  }

  long userAddress() {
    return userAddress;
  }

  long byteSize() {
    return byteSize;
  }

  MemorySegment bytes() {
    return mapping.memory();
  }

  boolean overlaps(MemoryRegion other) {
    return overlap(guestAddress, byteSize, other.guestAddress, other.byteSize)
        || overlap(userAddress, byteSize, other.userAddress, other.byteSize);
  }

  private static boolean overlap(long a, long aBytes, long b, long bBytes) {
    return a < b + bBytes && b < a + aBytes;
  }

  void retain() {
    holders.retain();
  }

  /** Holds it no longer. */
  public void release() {
    if (holders.release()) {
      mapping.close();
    }
  }

  @Override
  public String toString() {
    return name(guestAddress, byteSize, userAddress);
  }
}
