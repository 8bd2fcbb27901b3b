package io.strata.vhost.queue;

import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestMemory;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A split virtqueue (virtio 1.2, 2.7). */
final class SplitRing implements Ring {
  // Both rings begin with flags and a free-running index of 16 bits, and entries follow.
  private static final int FLAGS_AT = 0;
  private static final int INDEX_AT = 2;
  private static final int ENTRIES_AT = 4;
  private static final int AVAILABLE_ENTRY_BYTES = 2;
  private static final int USED_ENTRY_BYTES = 8;

  /** VIRTQ_AVAIL_F_NO_INTERRUPT and VIRTQ_USED_F_NO_NOTIFY. */
  private static final int QUIET = 1;

  private final int entries;
  private final boolean indirect;
  private final boolean eventIndex;
  private final @Nullable SplitInflight inflight;
  private final DirtyLog log;

  /** Heads that were taken and not put: no driver may make one available again. */
  private final BitSet taken;

  private RingAreas areas;
  private int nextAvailable;
  private int nextUsed;

  /** The used index when it was last asked whether to notify. */
  private int notified;

  SplitRing(
      QueueSettings settings, RingAreas areas, @Nullable SplitInflight inflight, DirtyLog log) {
    this.entries = settings.entries();
    this.indirect = settings.indirect();
    this.eventIndex = settings.eventIndex();
    this.areas = areas;
    this.inflight = inflight;
    this.log = log;
    this.taken = new BitSet(entries);
    this.nextAvailable = settings.base() & 0xffff;
  }

  @Override
  public List<Taken> recover(GuestMemory memory) {
    nextUsed = areas.device().u16Acquire(INDEX_AT);
    notified = nextUsed;
    if (inflight == null) {
      return List.of();
    }
    List<Integer> heads = inflight.recover(nextUsed, nextAvailable);
    if (heads == null) {
      return List.of();
    }
    // All that was ever taken is either used or in flight, whatever the front end remembers.
    nextAvailable = nextUsed + heads.size() & 0xffff;
    List<Taken> again = new ArrayList<>(heads.size());
    for (int head : heads) {
      again.add(chain(head, memory));
    }
    return again;
  }

  @Override
  public @Nullable Taken take(GuestMemory memory) {
    // 2.7.13.3: the driver writes entries before the index, so that is read first.
    int pending = available();
    if (pending == 0) {
      return null;
    }
    int slot = nextAvailable & entries - 1;
    int head = areas.driver().u16(ENTRIES_AT + (long) AVAILABLE_ENTRY_BYTES * slot);
    Taken chain = chain(head, memory);
    if (inflight != null) {
      inflight.taken(head);
    }
    nextAvailable = nextAvailable + 1 & 0xffff;
    return chain;
  }

  private int available() {
    int index = areas.driver().u16Acquire(INDEX_AT);
    int pending = index - nextAvailable & 0xffff;
    if (pending > entries) {
      throw new QueueBrokenException(
          "available index %d, where %d comes next in a ring of %d entries"
              .formatted(index, nextAvailable, entries));
    }
    return pending;
  }

  private Taken chain(int head, GuestMemory memory) {
    if (head >= entries) {
      throw new QueueBrokenException("head " + head + " in a ring of " + entries + " entries");
    }
    if (taken.get(head)) {
      throw new QueueBrokenException("head " + head + " is made available while in flight");
    }
    ChainBuilder buffers = new ChainBuilder(memory, indirect, false);
    int index = head;
    for (int slots = 1; slots <= entries; slots++) {
      RingMemory table = areas.descriptors();
      long at = (long) ChainBuilder.DESCRIPTOR_BYTES * index;
      int flags = table.u16(at + 12);
      buffers.add(table.u64(at), table.u32(at + 8), flags);
      if ((flags & ChainBuilder.NEXT) == 0) {
        taken.set(head);
        return new Taken(head, slots, head, buffers);
      }
      index = table.u16(at + 14);
      if (index >= entries) {
        throw new QueueBrokenException(
            "descriptor " + index + " in a ring of " + entries + " entries");
      }
    }
    throw new QueueBrokenException("the chain of head " + head + " is a loop");
  }

  @Override
  public void put(Taken chain, int writtenBytes) {
    if (inflight != null) {
      inflight.beforeUsed(chain.head());
    }
    RingMemory used = areas.device();
    long at = ENTRIES_AT + (long) USED_ENTRY_BYTES * (nextUsed & entries - 1);
    used.putU32(at, chain.head());
    used.putU32(at + 4, writtenBytes);
    log.wrote(used.guestAddress() + at, USED_ENTRY_BYTES);
    nextUsed = nextUsed + 1 & 0xffff;
    // 2.7.8.2: the index comes after the entry that it makes visible.
    used.putU16(INDEX_AT, nextUsed);
    log.wrote(used.guestAddress() + INDEX_AT, 2);
    if (inflight != null) {
      inflight.afterUsed(chain.head(), nextUsed);
    }
    taken.clear(chain.head());
  }

  @Override
  public boolean driverWantsNotification() {
    if (notified == nextUsed) {
      return false;
    }
    int before = notified;
    notified = nextUsed;
    // 2.7.10: the driver writes its wish, then looks for used entries; we do it the other way.
    VarHandle.fullFence();
    RingMemory driver = areas.driver();
    if (!eventIndex) {
      return (driver.u16(FLAGS_AT) & QUIET) == 0;
    }
    int event = driver.u16(ENTRIES_AT + (long) AVAILABLE_ENTRY_BYTES * entries);
    return passed(event, before, nextUsed);
  }

  /** Whether an index that went from {@code before} to {@code now} has gone past {@code event}. */
  static boolean passed(int event, int before, int now) {
    return (now - event - 1 & 0xffff) < (now - before & 0xffff);
  }

  @Override
  public void hush() {
    // With an event index nothing need be said: it stays behind while chains are taken.
    if (!eventIndex) {
      putFlags(QUIET);
    }
  }

  @Override
  public boolean listen() {
    if (eventIndex) {
      long at = ENTRIES_AT + (long) USED_ENTRY_BYTES * entries;
      areas.device().putU16(at, nextAvailable);
      log.wrote(areas.device().guestAddress() + at, 2);
    } else {
      putFlags(0);
    }
    // 2.7.10: chains that came before the driver could see this are not notified.
    VarHandle.fullFence();
    return available() != 0;
  }

  private void putFlags(int flags) {
    areas.device().putU16(FLAGS_AT, flags);
    log.wrote(areas.device().guestAddress() + FLAGS_AT, 2);
  }

  @Override
  public void moveTo(RingAreas other) {
    areas = other;
  }

  @Override
  public int base() {
    return nextAvailable;
  }
}
