package io.strata.tests.vmm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A packed virtqueue (virtio 1.2, 2.8). */
public final class PackedRing implements DriverRing {
  /** Flags of a descriptor beside those of split rings. */
  public static final int AVAILABLE = 1 << 7;

  public static final int USED = 1 << 15;

  private static final VarHandle U16 = ValueLayout.JAVA_SHORT.varHandle();
  private static final int EVENT_ENABLE = 0;
  private static final int EVENT_DISABLE = 1;
  private static final int EVENT_AT = 2;

  private final int size;
  private final RingAddresses addresses;
  private final MemorySegment ring;
  private final MemorySegment driverEvent;
  private final MemorySegment deviceEvent;
  private final boolean eventIndex;
  private final @Nullable IndirectTables indirect;

  /** Names that are free, as a stack. */
  private final int[] ids;

  /** How many descriptors a chain has that the device holds; else 0. */
  private final int[] held;

  private int freeIds;
  private int free;
  private int nextAvailable;
  private boolean availableWrap = true;
  private int nextUsed;
  private boolean usedWrap = true;
  private int added;
  private int outstanding;

  /** A new ring in memory of the guest. */
  public PackedRing(GuestRam ram, int size, boolean eventIndex, boolean indirect) {
    this.size = size;
    this.eventIndex = eventIndex;
    this.indirect = indirect ? new IndirectTables(ram, size) : null;
    addresses =
        new RingAddresses(ram.reserve(16L * size, 16), ram.reserve(4, 4), ram.reserve(4, 4));
    ring = ram.at(addresses.descriptors(), 16L * size);
    driverEvent = ram.at(addresses.available(), 4);
    deviceEvent = ram.at(addresses.used(), 4);
    ids = new int[size];
    for (int i = 0; i < size; i++) {
      ids[i] = size - 1 - i;
    }
    held = new int[size];
    freeIds = size;
    free = size;
  }

  /** Writes one descriptor anywhere; its flags last, so that the device sees it whole. */
  public static void descriptor(
      MemorySegment table, int index, long address, int length, int id, int flags) {
    long at = 16L * index;
    table.set(ValueLayout.JAVA_LONG, at, address);
    table.set(ValueLayout.JAVA_INT, at + 8, length);
    table.set(ValueLayout.JAVA_SHORT, at + 12, (short) id);
    U16.setRelease(table, at + 14, (short) flags);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public RingAddresses addresses() {
    return addresses;
  }

  @Override
  public int outstanding() {
    return outstanding;
  }

  @Override
  public int offer(List<Piece> chain) {
    int needed = indirect == null ? chain.size() : 1;
    if (needed > free || freeIds == 0) {
      return -1;
    }
    int id = ids[--freeIds];
    int head = nextAvailable;
    int headFlags = 0;
    for (int i = 0; i < needed; i++) {
      int flags = (availableWrap ? AVAILABLE : USED) | (i < needed - 1 ? SplitRing.NEXT : 0);
      long address;
      int length;
      if (indirect != null) {
        flags |= SplitRing.INDIRECT;
        address = indirect.address(id);
        length = indirect.packed(id, chain);
      } else {
        Piece piece = chain.get(i);
        flags |= piece.writable() ? SplitRing.WRITE : 0;
        address = piece.address();
        length = piece.length();
      }
      if (i == 0) {
        headFlags = flags;
        // Its flags as they are keep the device from it until all the others are written.
        descriptor(ring, head, address, length, id, u16(ring, 16L * head + 14));
      } else {
        descriptor(ring, nextAvailable, address, length, id, flags);
      }
      nextAvailable++;
      if (nextAvailable == size) {
        nextAvailable = 0;
        availableWrap = !availableWrap;
      }
    }
    U16.setRelease(ring, 16L * head + 14, (short) headFlags);
    free -= needed;
    held[id] = needed;
    added += needed;
    outstanding++;
    return id;
  }

  /**
   * Makes one descriptor available that is written as given but for the wrap bits, whether it makes
   * sense or not. It is never counted as held.
   */
  public void expose(long address, int length, int id, int flags) {
    int wrap = availableWrap ? AVAILABLE : USED;
    descriptor(ring, nextAvailable, address, length, id, flags | wrap);
    added++;
    nextAvailable++;
    if (nextAvailable == size) {
      nextAvailable = 0;
      availableWrap = !availableWrap;
    }
  }

  @Override
  public boolean wantsKick() {
    VarHandle.fullFence();
    int now = nextAvailable;
    int before = now - added;
    added = 0;
    return switch (u16(deviceEvent, 2)) {
      case EVENT_DISABLE -> false;
      case EVENT_AT -> {
        int event = u16(deviceEvent, 0);
        boolean wrap = (event & 1 << 15) != 0;
        int at = event & 0x7fff;
        yield DriverRing.passed(wrap == availableWrap ? at : at - size, now, before);
      }
      default -> true;
    };
  }

  private boolean somethingUsed() {
    int flags = u16(ring, 16L * nextUsed + 14);
    boolean availableBit = (flags & AVAILABLE) != 0;
    boolean usedBit = (flags & USED) != 0;
    return availableBit == usedBit && usedBit == usedWrap;
  }

  @Override
  public @Nullable Used poll() {
    if (!somethingUsed()) {
      return null;
    }
    long at = 16L * nextUsed;
    int id = ring.get(ValueLayout.JAVA_SHORT, at + 12) & 0xffff;
    if (id >= size || held[id] == 0) {
      throw new IllegalStateException("the device gave back chain " + id + ", which it had not");
    }
    int written = ring.get(ValueLayout.JAVA_INT, at + 8);
    nextUsed += held[id];
    if (nextUsed >= size) {
      nextUsed -= size;
      usedWrap = !usedWrap;
    }
    free += held[id];
    held[id] = 0;
    ids[freeIds++] = id;
    outstanding--;
    return new Used(id, written);
  }

  @Override
  public boolean arm() {
    if (eventIndex) {
      U16.setRelease(driverEvent, 0L, (short) (nextUsed | (usedWrap ? 1 << 15 : 0)));
      U16.setRelease(driverEvent, 2L, (short) EVENT_AT);
    } else {
      U16.setRelease(driverEvent, 2L, (short) EVENT_ENABLE);
    }
    VarHandle.fullFence();
    return somethingUsed();
  }

  @Override
  public void disarm() {
    U16.setRelease(driverEvent, 2L, (short) EVENT_DISABLE);
  }

  @Override
  public int baseAfterCrash() {
    return 1 << 15 | 1 << 31;
  }

  private static int u16(MemorySegment memory, long at) {
    return (short) U16.getAcquire(memory, at) & 0xffff;
  }
}
