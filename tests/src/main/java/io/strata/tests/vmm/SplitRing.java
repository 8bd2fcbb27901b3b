package io.strata.tests.vmm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A split virtqueue (virtio 1.2, 2.7). */
public final class SplitRing implements DriverRing {
  /** Flags of a descriptor. */
  public static final int NEXT = 1;

  public static final int WRITE = 2;
  public static final int INDIRECT = 4;

  private static final VarHandle U16 = ValueLayout.JAVA_SHORT.varHandle();
  private static final int NO_EVENT = 1;

  private final int size;
  private final RingAddresses addresses;
  private final MemorySegment descriptors;
  private final MemorySegment available;
  private final MemorySegment used;
  private final boolean eventIndex;
  private final @Nullable IndirectTables indirect;

  /** Chains the free descriptors, and the descriptors of each chain. */
  private final int[] next;

  /** How many descriptors a chain has that the device holds; else 0. */
  private final int[] held;

  private int firstFree;
  private int free;
  private int offered;
  private int told;
  private int seen;
  private int outstanding;

  /** A new ring in memory of the guest. */
  public SplitRing(GuestRam ram, int size, boolean eventIndex, boolean indirect) {
    this.size = size;
    this.eventIndex = eventIndex;
    this.indirect = indirect ? new IndirectTables(ram, size) : null;
    addresses =
        new RingAddresses(
            ram.reserve(16L * size, 16), ram.reserve(6 + 2L * size, 2), ram.reserve(6 + 8L * size, 4));
    descriptors = ram.at(addresses.descriptors(), 16L * size);
    available = ram.at(addresses.available(), 6 + 2L * size);
    used = ram.at(addresses.used(), 6 + 8L * size);
    next = new int[size];
    Arrays.setAll(next, i -> i + 1);
    held = new int[size];
    free = size;
  }

  /** Writes one descriptor anywhere; for tables, and for those who want to write wrong ones. */
  public static void descriptor(
      MemorySegment table, int index, long address, int length, int flags, int next) {
    long at = 16L * index;
    table.set(ValueLayout.JAVA_LONG, at, address);
    table.set(ValueLayout.JAVA_INT, at + 8, length);
    table.set(ValueLayout.JAVA_SHORT, at + 12, (short) flags);
    table.set(ValueLayout.JAVA_SHORT, at + 14, (short) next);
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
    if (needed > free) {
      return -1;
    }
    int head = firstFree;
    if (indirect != null) {
      int bytes = indirect.split(head, chain);
      descriptor(descriptors, head, indirect.address(head), bytes, INDIRECT, 0);
      firstFree = next[head];
    } else {
      for (int i = 0; i < needed; i++) {
        Piece piece = chain.get(i);
        boolean last = i == needed - 1;
        int flags = (piece.writable() ? WRITE : 0) | (last ? 0 : NEXT);
        int following = next[firstFree];
        descriptor(
            descriptors, firstFree, piece.address(), piece.length(), flags, last ? 0 : following);
        firstFree = following;
      }
    }
    free -= needed;
    held[head] = needed;
    outstanding++;
    expose(head);
    return head;
  }

  /** Makes whatever begins at descriptor {@code head} available, whether it makes sense or not. */
  public void expose(int head) {
    available.set(ValueLayout.JAVA_SHORT, 4 + 2L * (offered & size - 1), (short) head);
    offered++;
    index(offered);
  }

  /** Claims that so many chains were made available in all, whatever is true. */
  public void index(int claimed) {
    U16.setRelease(available, 2L, (short) claimed);
  }

  /** The descriptor table, for those who want to write wrong ones. */
  public MemorySegment table() {
    return descriptors;
  }

  @Override
  public boolean wantsKick() {
    VarHandle.fullFence();
    int before = told;
    told = offered;
    return eventIndex
        ? DriverRing.passed(u16(used, 4 + 8L * size), offered, before)
        : (u16(used, 0) & NO_EVENT) == 0;
  }

  @Override
  public @Nullable Used poll() {
    if (u16(used, 2) == (seen & 0xffff)) {
      return null;
    }
    long at = 4 + 8L * (seen & size - 1);
    int id = used.get(ValueLayout.JAVA_INT, at);
    if (id < 0 || id >= size || held[id] == 0) {
      throw new IllegalStateException("the device gave back chain " + id + ", which it had not");
    }
    seen++;
    int last = id;
    for (int i = 1; i < held[id]; i++) {
      last = next[last];
    }
    next[last] = firstFree;
    firstFree = id;
    free += held[id];
    held[id] = 0;
    outstanding--;
    return new Used(id, used.get(ValueLayout.JAVA_INT, at + 4));
  }

  @Override
  public boolean arm() {
    if (eventIndex) {
      U16.setRelease(available, 4 + 2L * size, (short) seen);
    } else {
      U16.setRelease(available, 0L, (short) 0);
    }
    VarHandle.fullFence();
    return u16(used, 2) != (seen & 0xffff);
  }

  @Override
  public void disarm() {
    if (!eventIndex) {
      U16.setRelease(available, 0L, (short) NO_EVENT);
    }
  }

  @Override
  public int baseAfterCrash() {
    return u16(used, 2);
  }

  private static int u16(MemorySegment memory, long at) {
    return (short) U16.getAcquire(memory, at) & 0xffff;
  }
}
