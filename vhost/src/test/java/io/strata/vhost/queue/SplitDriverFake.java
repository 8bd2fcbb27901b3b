package io.strata.vhost.queue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A driver of a split ring. */
final class SplitDriverFake extends DriverFake {
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final Map<Integer, List<Integer>> held = new HashMap<>();
  private int available;
  private int kicked;
  private int used;

  SplitDriverFake(MemorySegment guest, int entries, boolean eventIndex, int base) {
    super(guest, entries, eventIndex);
    for (int i = 0; i < entries; i++) {
      free.add(i);
    }
    available = base;
    kicked = base;
    used = base;
    put16(GuestFake.DRIVER + 2, base);
    put16(GuestFake.DEVICE + 2, base);
  }

  @Override
  boolean hasRoom(int slots) {
    return free.size() >= slots;
  }

  @Override
  int nextId() {
    return free.element();
  }

  @Override
  void publish(int id, List<Buffer> buffers, boolean indirect) {
    List<Integer> slots = new ArrayList<>();
    int count = indirect ? 1 : buffers.size();
    for (int i = 0; i < count; i++) {
      slots.add(free.remove());
    }
    held.put(id, slots);
    if (indirect) {
      Buffer table = new Buffer(writeTable(id, buffers, false), 16 * buffers.size(), false);
      describe(GuestFake.DESCRIPTORS, id, table, ChainBuilder.INDIRECT, 0);
    } else {
      for (int i = 0; i < count; i++) {
        boolean more = i + 1 < count;
        int flags = (buffers.get(i).write() ? ChainBuilder.WRITE : 0) | (more ? 1 : 0);
        int next = more ? slots.get(i + 1) : 0;
        describe(GuestFake.DESCRIPTORS, slots.get(i), buffers.get(i), flags, next);
      }
    }
    put16(GuestFake.DRIVER + 4 + 2L * (available % entries), id);
    available = available + 1 & 0xffff;
    put16(GuestFake.DRIVER + 2, available);
  }

  @Override
  boolean mustKick() {
    VarHandle.fullFence();
    int before = kicked;
    kicked = available;
    if (before == available) {
      return false;
    }
    return eventIndex
        ? SplitRing.passed(u16(GuestFake.DEVICE + 4 + 8L * entries), before, available)
        : (u16(GuestFake.DEVICE) & 1) == 0;
  }

  @Override
  int @Nullable [] nextUsed() {
    if (u16(GuestFake.DEVICE + 2) == used) {
      return null;
    }
    long at = GuestFake.DEVICE + 4 + 8L * (used % entries);
    int id = guest.get(U32, at);
    int[] answer = {id, guest.get(U32, at + 4)};
    List<Integer> slots = held.remove(id);
    if (slots == null) {
      throw new AssertionError("chain " + id + " was used and is not in flight");
    }
    free.addAll(slots);
    used = used + 1 & 0xffff;
    return answer;
  }

  @Override
  boolean listen() {
    if (eventIndex) {
      put16(GuestFake.DRIVER + 4 + 2L * entries, used);
    } else {
      put16(GuestFake.DRIVER, 0);
    }
    VarHandle.fullFence();
    return u16(GuestFake.DEVICE + 2) != used;
  }

  @Override
  void hush() {
    if (eventIndex) {
      put16(GuestFake.DRIVER + 4 + 2L * entries, used - 1);
    } else {
      put16(GuestFake.DRIVER, 1);
    }
  }
}
