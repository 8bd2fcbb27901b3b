package io.strata.vhost.queue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A driver of a packed ring. */
final class PackedDriverFake extends DriverFake {
  private static final int AVAILABLE = 1 << 7;
  private static final int USED = 1 << 15;

  private final ArrayDeque<Integer> freeIds = new ArrayDeque<>();
  private final Map<Integer, Integer> slotsOf = new HashMap<>();
  private int freeSlots;
  private PackedPosition available = new PackedPosition(0, true);
  private PackedPosition used = new PackedPosition(0, true);
  private int unkicked;

  PackedDriverFake(MemorySegment guest, int entries, boolean eventIndex) {
    super(guest, entries, eventIndex);
    freeSlots = entries;
    for (int i = 0; i < entries; i++) {
      freeIds.add(i);
    }
  }

  @Override
  boolean hasRoom(int slots) {
    return freeSlots >= slots && !freeIds.isEmpty();
  }

  @Override
  int nextId() {
    return freeIds.element();
  }

  @Override
  void publish(int id, List<Buffer> buffers, boolean indirect) {
    freeIds.remove();
    List<Buffer> direct =
        indirect
            ? List.of(new Buffer(writeTable(id, buffers, true), 16 * buffers.size(), false))
            : buffers;
    PackedPosition first = available;
    int firstFlags = 0;
    for (int i = 0; i < direct.size(); i++) {
      int flags = available.wrap() ? AVAILABLE : USED;
      flags |= i + 1 < direct.size() ? ChainBuilder.NEXT : 0;
      flags |= direct.get(i).write() ? ChainBuilder.WRITE : 0;
      flags |= indirect ? ChainBuilder.INDIRECT : 0;
      int known = u16(GuestFake.DESCRIPTORS + 16L * available.index() + 14);
      describe(GuestFake.DESCRIPTORS, available.index(), direct.get(i), id, i == 0 ? known : flags);
      firstFlags = i == 0 ? flags : firstFlags;
      available = available.plus(1, entries);
    }
    put16(GuestFake.DESCRIPTORS + 16L * first.index() + 14, firstFlags);
    slotsOf.put(id, direct.size());
    freeSlots -= direct.size();
    unkicked += direct.size();
  }

  @Override
  boolean mustKick() {
    VarHandle.fullFence();
    int added = unkicked;
    unkicked = 0;
    if (added == 0) {
      return false;
    }
    int wish = u16(GuestFake.DEVICE + 2);
    if (wish != 2) {
      return wish == 0;
    }
    int event = u16(GuestFake.DEVICE);
    int index = event & 0x7fff;
    if (event >>> 15 == 1 != available.wrap()) {
      index -= entries;
    }
    return SplitRing.passed(index, available.index() - added, available.index());
  }

  @Override
  int @Nullable [] nextUsed() {
    if (!pending()) {
      return null;
    }
    long at = GuestFake.DESCRIPTORS + 16L * used.index();
    int id = u16(at + 12);
    int[] answer = {id, guest.get(U32, at + 8)};
    Integer slots = slotsOf.remove(id);
    if (slots == null) {
      throw new AssertionError("chain " + id + " was used and is not in flight");
    }
    used = used.plus(slots, entries);
    freeSlots += slots;
    freeIds.add(id);
    return answer;
  }

  private boolean pending() {
    int flags = u16(GuestFake.DESCRIPTORS + 16L * used.index() + 14);
    return (flags & AVAILABLE) != 0 == used.wrap() && (flags & USED) != 0 == used.wrap();
  }

  @Override
  boolean listen() {
    put16(GuestFake.DRIVER, used.bits());
    put16(GuestFake.DRIVER + 2, eventIndex ? 2 : 0);
    VarHandle.fullFence();
    return pending();
  }

  @Override
  void hush() {
    put16(GuestFake.DRIVER + 2, 1);
  }
}
