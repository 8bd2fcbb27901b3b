package io.strata.vhost.queue;

import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestMemory;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A packed virtqueue (virtio 1.2, 2.8). */
final class PackedRing implements Ring {
  /** Descriptor flags that tell whose a slot is (2.8.1). */
  private static final int AVAILABLE = 1 << 7;

  private static final int USED = 1 << 15;

  private static final int LENGTH_AT = 8;
  private static final int ID_AT = 12;
  private static final int FLAGS_AT = 14;

  // Event suppression (2.8.14): a position with a wrap counter, then one of these wishes.
  private static final int EVENT_POSITION_AT = 0;
  private static final int EVENT_WISH_AT = 2;
  private static final int EVENT_BYTES = 4;
  private static final int ENABLE = 0;
  private static final int DISABLE = 1;
  private static final int AT_DESCRIPTOR = 2;

  private final int entries;
  private final boolean indirect;
  private final boolean eventIndex;
  private final @Nullable PackedInflight inflight;
  private final DirtyLog log;

  /** Buffer ids that were taken and not put. */
  private final BitSet taken;

  /** Slots of those. */
  private int slotsTaken;

  private RingAreas areas;
  private PackedPosition nextAvailable;
  private PackedPosition nextUsed;

  /** Slots used since it was last asked whether to notify. */
  private int unnotified;

  PackedRing(
      QueueSettings settings, RingAreas areas, @Nullable PackedInflight inflight, DirtyLog log) {
    this.entries = settings.entries();
    this.indirect = settings.indirect();
    this.eventIndex = settings.eventIndex();
    this.areas = areas;
    this.inflight = inflight;
    this.log = log;
    this.taken = new BitSet(entries);
    this.nextAvailable = PackedPosition.of(settings.base() & 0xffff, entries);
    this.nextUsed = PackedPosition.of(settings.base() >>> 16, entries);
  }

  @Override
  public List<Taken> recover(GuestMemory memory) {
    if (inflight == null) {
      return List.of();
    }
    PackedInflight.Recovered found =
        inflight.recover(nextUsed, position -> isAvailable(flags(position), position));
    if (found == null) {
      return List.of();
    }
    nextUsed = found.nextUsed();
    nextAvailable = nextUsed;
    List<Taken> again = new ArrayList<>();
    for (PackedInflight.Copied copied : found.chains()) {
      ChainBuilder buffers = new ChainBuilder(memory, indirect, true);
      for (PackedInflight.Slot slot : copied.slots()) {
        buffers.add(slot.address(), slot.length(), slot.flags());
      }
      Taken chain =
          new Taken(copied.slots().getLast().id(), copied.slots().size(), copied.entry(), buffers);
      hold(chain);
      again.add(chain);
      // All slots that were ever taken are either used or in flight.
      nextAvailable = nextAvailable.plus(chain.slots(), entries);
    }
    return again;
  }

  private static boolean isAvailable(int flags, PackedPosition position) {
    return ((flags & AVAILABLE) != 0) == position.wrap()
        && ((flags & USED) != 0) != position.wrap();
  }

  private int flags(PackedPosition position) {
    return areas.descriptors().u16Acquire(at(position) + FLAGS_AT);
  }

  private static long at(PackedPosition position) {
    return (long) ChainBuilder.DESCRIPTOR_BYTES * position.index();
  }

  @Override
  public @Nullable Taken take(GuestMemory memory) {
    // 2.8.18: the driver writes the flags of a chain's first descriptor last.
    int flags = flags(nextAvailable);
    if (!isAvailable(flags, nextAvailable)) {
      return null;
    }
    ChainBuilder buffers = new ChainBuilder(memory, indirect, true);
    List<PackedInflight.Slot> slots = new ArrayList<>(1);
    PackedPosition position = nextAvailable;
    while (true) {
      RingMemory ring = areas.descriptors();
      long at = at(position);
      PackedInflight.Slot slot =
          new PackedInflight.Slot(
              ring.u64(at), ring.u32(at + LENGTH_AT), ring.u16(at + ID_AT), flags);
      slots.add(slot);
      buffers.add(slot.address(), slot.length(), flags);
      position = position.plus(1, entries);
      if ((flags & ChainBuilder.NEXT) == 0) {
        break;
      }
      if (slots.size() + slotsTaken >= entries) {
        throw new QueueBrokenException(
            "chains of more slots than the " + entries + " of their ring");
      }
      flags = flags(position);
    }
    int id = slots.getLast().id();
    hold(new Taken(id, slots.size(), 0, buffers));
    int entry = inflight == null ? 0 : inflight.taken(slots);
    nextAvailable = position;
    return new Taken(id, slots.size(), entry, buffers);
  }

  private void hold(Taken chain) {
    if (chain.head() >= entries) {
      throw new QueueBrokenException(
          "buffer id " + chain.head() + " in a ring of " + entries + " entries");
    }
    if (taken.get(chain.head())) {
      throw new QueueBrokenException(
          "buffer id " + chain.head() + " is made available while in flight");
    }
    if (slotsTaken + chain.slots() > entries) {
      throw new QueueBrokenException(
          "slots are made available while in flight, in a ring of " + entries + " entries");
    }
    taken.set(chain.head());
    slotsTaken += chain.slots();
  }

  @Override
  public void put(Taken chain, int writtenBytes) {
    PackedPosition after = nextUsed.plus(chain.slots(), entries);
    if (inflight != null) {
      inflight.beforeUsed(chain.entry(), after);
    }
    RingMemory ring = areas.descriptors();
    long at = at(nextUsed);
    ring.putU16(at + ID_AT, chain.head());
    ring.putU32(at + LENGTH_AT, writtenBytes);
    int flags = writtenBytes > 0 ? ChainBuilder.WRITE : 0;
    // 2.8.6: both bits as the device's wrap counter; they make the rest visible.
    ring.putU16(at + FLAGS_AT, nextUsed.wrap() ? flags | AVAILABLE | USED : flags);
    log.wrote(ring.guestAddress() + at, ChainBuilder.DESCRIPTOR_BYTES);
    nextUsed = after;
    unnotified += chain.slots();
    if (inflight != null) {
      inflight.afterUsed(chain.entry());
    }
    taken.clear(chain.head());
    slotsTaken -= chain.slots();
  }

  @Override
  public boolean driverWantsNotification() {
    if (unnotified == 0) {
      return false;
    }
    int before = nextUsed.index() - unnotified;
    boolean lapped = unnotified > entries;
    unnotified = 0;
    // 2.8.14: used descriptors are visible before the driver's wish is read.
    VarHandle.fullFence();
    int wish = areas.driver().u16Acquire(EVENT_WISH_AT);
    if (!eventIndex || wish != AT_DESCRIPTOR) {
      return wish != DISABLE;
    }
    PackedPosition event =
        PackedPosition.of(areas.driver().u16(EVENT_POSITION_AT), Integer.MAX_VALUE);
    int index = event.wrap() == nextUsed.wrap() ? event.index() : event.index() - entries;
    return lapped || SplitRing.passed(index, before, nextUsed.index());
  }

  @Override
  public void hush() {
    wish(DISABLE);
  }

  @Override
  public boolean listen() {
    if (eventIndex) {
      areas.device().putU16(EVENT_POSITION_AT, nextAvailable.bits());
      wish(AT_DESCRIPTOR);
    } else {
      wish(ENABLE);
    }
    // Chains that came before the driver could see this are not notified.
    VarHandle.fullFence();
    return isAvailable(flags(nextAvailable), nextAvailable);
  }

  private void wish(int wish) {
    areas.device().putU16(EVENT_WISH_AT, wish);
    log.wrote(areas.device().guestAddress(), EVENT_BYTES);
  }

  @Override
  public void moveTo(RingAreas other) {
    areas = other;
  }

  @Override
  public int base() {
    return nextAvailable.bits() | nextUsed.bits() << 16;
  }
}
