package io.strata.vhost.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All memory of a guest that a front end has lent so far: an immutable table of regions that do not
 * overlap, neither for the guest nor for the front end (vhost-user, "Memory access").
 *
 * <p>Whoever makes a table holds it; requests in flight hold it too. Once the last has released it
 * so are its regions.
 */
public final class GuestMemory {
  /** How many regions there may be. */
  public static final int REGIONS_MAX = 256;

  private final List<MemoryRegion> byGuestAddress;
  private final List<MemoryRegion> byUserAddress;
  private final HolderCount holders = new HolderCount();

  private GuestMemory(List<MemoryRegion> regions) {
    regions.forEach(MemoryRegion::retain);
    this.byGuestAddress = sorted(regions, MemoryRegion::guestAddress);
    this.byUserAddress = sorted(regions, MemoryRegion::userAddress);
  }

  private static List<MemoryRegion> sorted(
      List<MemoryRegion> regions, ToLongFunction<MemoryRegion> address) {
    return regions.stream().sorted(Comparator.comparingLong(address)).toList();
  }

  /**
   * A table of these regions, each of which it holds beside its maker.
   *
   * @throws InvalidGuestMemory if two overlap, or there are too many
   */
  public static GuestMemory of(List<MemoryRegion> regions) throws InvalidGuestMemory {
    if (regions.size() > REGIONS_MAX) {
      throw new InvalidGuestMemory(regions.size() + " memory regions, at most " + REGIONS_MAX);
    }
    for (int i = 0; i < regions.size(); i++) {
      for (int k = 0; k < i; k++) {
        if (regions.get(i).overlaps(regions.get(k))) {
          throw new InvalidGuestMemory(regions.get(i) + " overlaps " + regions.get(k));
        }
      }
    }
    return new GuestMemory(regions);
  }

  /** A table with one more region. This one stays as it is. */
  public GuestMemory with(MemoryRegion region) throws InvalidGuestMemory {
    List<MemoryRegion> more = new ArrayList<>(byGuestAddress);
    more.add(region);
    return of(more);
  }

  /**
   * A table without a region, which must be there just so. This one stays as it is.
   *
   * @throws InvalidGuestMemory if there is none like that
   */
  public GuestMemory without(long guestAddress, long byteSize, long userAddress)
      throws InvalidGuestMemory {
    List<MemoryRegion> fewer =
        byGuestAddress.stream()
            .filter(
                region ->
                    region.guestAddress() != guestAddress
                        || region.byteSize() != byteSize
                        || region.userAddress() != userAddress)
            .toList();
    if (fewer.size() == byGuestAddress.size()) {
      throw new InvalidGuestMemory(
          "there is no memory region of 0x%x bytes at guest address 0x%x, user address 0x%x"
              .formatted(byteSize, guestAddress, userAddress));
    }
    return of(fewer);
  }

  /** How many regions. */
  public int regions() {
    return byGuestAddress.size();
  }

  /** Holds it once more, for the sake of somebody else. */
  public void retain() {
    holders.retain();
  }

  /** Holds it no longer. */
  public void release() {
    if (holders.release()) {
      byGuestAddress.forEach(MemoryRegion::release);
    }
  }

  /**
   * Adds the pieces of memory that are {@code length} bytes from a guest address on: several if
   * they cross from one region to the next.
   */
  public void translate(long guestAddress, long length, List<GuestRange> pieces)
      throws OutsideGuestMemory {
    if (length <= 0) {
      throw new OutsideGuestMemory("guest", guestAddress, length);
    }
    long at = guestAddress;
    long left = length;
    while (left > 0) {
      MemoryRegion region = floor(byGuestAddress, MemoryRegion::guestAddress, at);
      if (region == null || at - region.guestAddress() >= region.byteSize()) {
        throw new OutsideGuestMemory("guest", guestAddress, length);
      }
      long inRegion = at - region.guestAddress();
      long count = Math.min(left, region.byteSize() - inRegion);
      pieces.add(new GuestRange(at, region.bytes().asSlice(inRegion, count)));
      at += count;
      left -= count;
    }
  }

  /** The memory at an address of the front end; rings lie in one piece. */
  public GuestRange atUserAddress(long userAddress, long length) throws OutsideGuestMemory {
    MemoryRegion region = floor(byUserAddress, MemoryRegion::userAddress, userAddress);
    if (region == null || length <= 0) {
      throw new OutsideGuestMemory("user", userAddress, length);
    }
    long inRegion = userAddress - region.userAddress();
    if (length > region.byteSize() - inRegion) {
      throw new OutsideGuestMemory("user", userAddress, length);
    }
    return new GuestRange(
        region.guestAddress() + inRegion, region.bytes().asSlice(inRegion, length));
  }

  /** The last region that begins at or before an address, which may be any 64 bits. */
  private static @Nullable MemoryRegion floor(
      List<MemoryRegion> sorted, ToLongFunction<MemoryRegion> address, long wanted) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(address.applyAsLong(sorted.get(middle)), wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    MemoryRegion region = low == 0 ? null : sorted.get(low - 1);
    // An address with its highest bit set is behind every region.
    return wanted < 0 ? null : region;
  }
}
