package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import java.lang.foreign.MemorySegment;

/**
 * A range of guest memory in a file of its own.
 *
 * @param guestAddress where the guest sees it
 * @param userAddress where the front-end says to have it; ring addresses are given in this space
 * @param fileOffset where in the file it begins
 * @param file what the back end maps
 * @param memory the bytes
 */
public record RamRegion(
    long guestAddress, long userAddress, long fileOffset, Descriptor file, MemorySegment memory) {
  /** Its length in bytes. */
  public long bytes() {
    return memory.byteSize();
  }

  boolean holds(long address, long length) {
    return address >= guestAddress && address - guestAddress <= bytes() - length;
  }
}
