package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A guest's memory, in files without a name. Safe for any thread.
 *
 * <p>It is handed out from the start of the first region and never taken back: who needs a buffer
 * again keeps it.
 */
public final class GuestRam implements AutoCloseable {
  /** Where the first region lies. */
  public static final long LOW = 1 << 20;

  /** Where the second lies, as on a PC that has more than fits below its devices. */
  public static final long HIGH = 1L << 32;

  /** User addresses are nothing but a space of their own; so they are not those of our process. */
  private static final long USER = 0x7f00_0000_0000L;

  /** Before the region in its file, so that offsets are not all 0. */
  private static final long FILE_OFFSET = 1 << 16;

  private final List<Mapping> mappings = new ArrayList<>();
  private final List<RamRegion> regions = new ArrayList<>();
  private long next = LOW;

  /** Memory in two regions of so many bytes, multiples of a page; the second may be none. */
  public GuestRam(long lowBytes, long highBytes) throws SystemCallException {
    add(LOW, lowBytes);
    if (highBytes > 0) {
      add(HIGH, highBytes);
    }
  }

  /** Adds a region; the back end is not told. */
  public RamRegion add(long guestAddress, long bytes) throws SystemCallException {
    Descriptor file = Descriptor.memory("strata-guest", FILE_OFFSET + bytes);
    Mapping mapping = Mapping.shared(file, FILE_OFFSET, bytes);
    mappings.add(mapping);
    RamRegion region =
        new RamRegion(guestAddress, USER + guestAddress, FILE_OFFSET, file, mapping.memory());
    regions.add(region);
    return region;
  }

  /** What the back end is told of. */
  public List<RamRegion> regions() {
    return List.copyOf(regions);
  }

  /** Reserves memory of the first region for good; it is all zeros. */
  public synchronized long reserve(long bytes, int alignment) {
    long at = Math.ceilDiv(next, alignment) * alignment;
    if (!regions.getFirst().holds(at, bytes)) {
      throw new IllegalStateException("the guest has no " + bytes + " bytes left");
    }
    next = at + bytes;
    return at;
  }

  /** Bytes of guest memory. */
  public MemorySegment at(long guestAddress, long length) {
    for (RamRegion region : regions) {
      if (region.holds(guestAddress, length)) {
        return region.memory().asSlice(guestAddress - region.guestAddress(), length);
      }
    }
    throw new IllegalArgumentException(
        "no memory of %d bytes at %x".formatted(length, guestAddress));
  }

  /** The front-end's name for a guest address. */
  public long userAddress(long guestAddress) {
    return guestAddress + USER;
  }

  @Override
  public void close() {
    mappings.forEach(Mapping::close);
    regions.forEach(region -> region.file().close());
  }
}
