package io.strata.vhost.queue;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.MemoryRegion;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A guest's memory as both sides see it: two regions that are neighbours for the guest and far
 * apart for the front end. Guest addresses are offsets in the file.
 */
final class GuestFake implements AutoCloseable {
  static final long BYTES = 4 << 20;
  static final long DESCRIPTORS = 0x10000;
  static final long DRIVER = 0x20000;
  static final long DEVICE = 0x30000;
  static final long TABLES = 0x100000;
  static final int TABLE_BYTES = 256;
  static final int CHAIN_BYTES = 8192;

  /** So that the second region begins amid the data of a small ring. */
  static final long DATA = BYTES / 2 - 5 * CHAIN_BYTES - 100;

  private static final long USER = 0x7f00_0000_0000L;

  final Descriptor file;
  final GuestMemory memory;
  private final Mapping mapping;

  GuestFake() throws Exception {
    file = Descriptor.memory("guest", BYTES);
    mapping = Mapping.shared(file, 0, BYTES);
    memory = table(USER + BYTES);
  }

  /** Another table of the same memory. */
  GuestMemory table(long secondUserAddress) throws Exception {
    MemoryRegion first = MemoryRegion.map(file, 0, BYTES / 2, USER, 0);
    MemoryRegion second =
        MemoryRegion.map(file, BYTES / 2, BYTES / 2, secondUserAddress, BYTES / 2);
    try {
      return GuestMemory.of(List.of(first, second));
    } finally {
      first.release();
      second.release();
    }
  }

  /** What the driver sees. */
  MemorySegment bytes() {
    return mapping.memory();
  }

  QueueSettings settings(
      int entries, boolean packed, boolean indirect, boolean eventIndex, int base) {
    return new QueueSettings(
        entries,
        packed,
        indirect,
        eventIndex,
        USER + DESCRIPTORS,
        USER + DRIVER,
        USER + DEVICE,
        base);
  }

  @Override
  public void close() {
    memory.release();
    mapping.close();
    file.close();
  }
}
