package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.InvalidGuestMemory;
import io.strata.vhost.memory.MemoryRegion;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.RegionDescription;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of guest memory as it is now. Whoever needs an older one still holds that. Confined.
 */
final class MemoryTable implements AutoCloseable {
  static final int REGIONS_MAX = GuestMemory.REGIONS_MAX;

  private final DirtyLog log = new DirtyLog();
  private GuestMemory current;

  MemoryTable() throws InvalidGuestMemory {
    current = GuestMemory.of(List.of());
  }

  GuestMemory current() {
    return current;
  }

  DirtyLog log() {
    return log;
  }

  GuestMemory replace(FrontEndMessage.SetMemTable set) throws InvalidGuestMemory {
    List<MemoryRegion> regions = new ArrayList<>();
    try {
      for (int i = 0; i < set.regions().size(); i++) {
        regions.add(map(set.descriptors().get(i), set.regions().get(i)));
      }
      return become(GuestMemory.of(regions));
    } finally {
      regions.forEach(MemoryRegion::release);
      set.descriptors().forEach(Descriptor::close);
    }
  }

  GuestMemory add(FrontEndMessage.AddMemReg add) throws InvalidGuestMemory {
    try (Descriptor file = add.descriptor()) {
      MemoryRegion region = map(file, add.region());
      try {
        return become(current.with(region));
      } finally {
        region.release();
      }
    }
  }

  GuestMemory remove(FrontEndMessage.RemMemReg remove) throws InvalidGuestMemory {
    remove.descriptors().forEach(Descriptor::close);
    RegionDescription region = remove.region();
    return become(current.without(region.guestAddress(), region.byteSize(), region.userAddress()));
  }

  private static MemoryRegion map(Descriptor file, RegionDescription region)
      throws InvalidGuestMemory {
    return MemoryRegion.map(
        file, region.guestAddress(), region.byteSize(), region.userAddress(), region.mmapOffset());
  }

  private GuestMemory become(GuestMemory next) {
    current.release();
    current = next;
    return next;
  }

  @Override
  public void close() {
    log.close();
    current.release();
  }
}
