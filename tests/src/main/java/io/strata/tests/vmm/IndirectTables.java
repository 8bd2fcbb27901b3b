package io.strata.tests.vmm;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** One table of indirect descriptors for each chain of a ring (virtio 1.2, 2.7.5.3, 2.8.7). */
final class IndirectTables {
  /** As many as a request of 256 pages needs, with headers. */
  static final int ENTRIES_MAX = 300;

  private static final int BYTES = 16 * ENTRIES_MAX;

  private final GuestRam ram;
  private final long address;

  IndirectTables(GuestRam ram, int count) {
    this.ram = ram;
    this.address = ram.reserve((long) count * BYTES, 16);
  }

  /** The guest address of table {@code id}. */
  long address(int id) {
    return address + (long) id * BYTES;
  }

  /** Fills table {@code id} as a split ring has it and returns how many bytes count. */
  int split(int id, List<Piece> chain) {
    MemorySegment table = table(id, chain);
    for (int i = 0; i < chain.size(); i++) {
      Piece piece = chain.get(i);
      boolean last = i == chain.size() - 1;
      int flags = (piece.writable() ? SplitRing.WRITE : 0) | (last ? 0 : SplitRing.NEXT);
      SplitRing.descriptor(table, i, piece.address(), piece.length(), flags, last ? 0 : i + 1);
    }
    return 16 * chain.size();
  }

  /** Fills table {@code id} as a packed ring has it and returns how many bytes count. */
  int packed(int id, List<Piece> chain) {
    MemorySegment table = table(id, chain);
    for (int i = 0; i < chain.size(); i++) {
      Piece piece = chain.get(i);
      int flags = piece.writable() ? SplitRing.WRITE : 0;
      PackedRing.descriptor(table, i, piece.address(), piece.length(), 0, flags);
    }
    return 16 * chain.size();
  }

  private MemorySegment table(int id, List<Piece> chain) {
    if (chain.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException("a chain of " + chain.size());
    }
    return ram.at(address(id), BYTES);
  }
}
