package io.strata.vhost.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is in flight in a packed ring, where it outlives this process (vhost-user,
 * "Inflight I/O tracking", QueueRegionPacked). Used slots overwrite available ones, so the region
 * has copies of all descriptors in flight, as lists of entries; those not in use form a list too.
 * Changes become valid with the fields called old: what is not yet valid when the process is killed
 * is taken back or finished by the next one.
 *
 * <p>Where the specification compares used positions by their index we compare the wrap counter
 * too: a chain as long as the ring changes only that. For the same reason both change in one store.
 *
 * <p>Confined as its {@link PackedRing}.
 */
final class PackedInflight {
  private static final int VERSION = 1;

  private static final int FEATURES_AT = 0;
  private static final int VERSION_AT = 8;
  private static final int COUNT_AT = 10;
  private static final int FREE_AT = 12;
  private static final int OLD_FREE_AT = 14;
  private static final int USED_AT = 16;
  private static final int OLD_USED_AT = 18;
  private static final int USED_WRAP_AT = 20;
  private static final int OLD_USED_WRAP_AT = 21;
  private static final int STATES_AT = 32;

  private static final int STATE_BYTES = 32;
  private static final int INFLIGHT_AT = 0;
  private static final int NEXT_AT = 2;
  private static final int LAST_AT = 4;
  private static final int SLOTS_AT = 6;
  private static final int COUNTER_AT = 8;
  private static final int ID_AT = 16;
  private static final int FLAGS_AT = 18;
  private static final int LENGTH_AT = 20;
  private static final int ADDRESS_AT = 24;

  /** A copy of a descriptor. */
  record Slot(long address, int length, int id, int flags) {}

  /** A chain that is in flight, with the entry that its list begins with. */
  record Copied(int entry, long counter, List<Slot> slots) {}

  /** What is known of the last process: where it would have put the next used descriptor. */
  record Recovered(PackedPosition nextUsed, List<Copied> chains) {}

  private final RingMemory region;
  private final int entries;
  private long counter;

  PackedInflight(RingMemory region, int entries) {
    this.region = region;
    this.entries = entries;
  }

  /**
   * Finishes, or takes back, what was begun when the last process ended.
   *
   * @param nextUsed where the front end says that the ring goes on
   * @param stillAvailable whether the slot at a position is as the driver has made it available
   * @return what is in flight, in the order in which it was taken; null if nothing is known
   */
  @Nullable Recovered recover(PackedPosition nextUsed, Predicate<PackedPosition> stillAvailable) {
    int version = region.u16Acquire(VERSION_AT);
    if (version == 0) {
      begin(nextUsed);
      return null;
    }
    int count = region.u16(COUNT_AT);
    if (version != VERSION || count != entries) {
      throw new QueueBrokenException(
          "inflight region of version %d for %d entries, where version %d for %d is known"
              .formatted(version, count, VERSION, entries));
    }
    PackedPosition old = position(OLD_USED_AT, OLD_USED_WRAP_AT);
    PackedPosition used = position(USED_AT, USED_WRAP_AT);
    if (!used.equals(old) && !stillAvailable.test(old)) {
      // The driver has seen it: what was begun is finished.
      region.putU16(OLD_FREE_AT, region.u16(FREE_AT));
      putUsed(used, used);
      old = used;
    }
    region.putU16(FREE_AT, region.u16(OLD_FREE_AT));
    putUsed(old, old);
    return new Recovered(old, inFlight());
  }

  private void begin(PackedPosition nextUsed) {
    for (int i = 0; i < entries; i++) {
      region.putU8(state(i) + INFLIGHT_AT, 0);
      region.putU16(state(i) + NEXT_AT, i + 1);
    }
    region.putU64(FEATURES_AT, 0);
    region.putU16(COUNT_AT, entries);
    region.putU16(FREE_AT, 0);
    region.putU16(OLD_FREE_AT, 0);
    putUsed(nextUsed, nextUsed);
    region.putU16(VERSION_AT, VERSION);
  }

  /** The four fields in one store: a counter that belongs to another index would mislead. */
  private void putUsed(PackedPosition used, PackedPosition old) {
    region.putU64(
        USED_AT,
        used.index()
            | (long) old.index() << bits(OLD_USED_AT)
            | (used.wrap() ? 1L : 0) << bits(USED_WRAP_AT)
            | (old.wrap() ? 1L : 0) << bits(OLD_USED_WRAP_AT));
  }

  private static int bits(int at) {
    return Byte.SIZE * (at - USED_AT);
  }

  private PackedPosition position(int indexAt, int wrapAt) {
    int index = region.u16(indexAt);
    if (index >= entries) {
      throw new QueueBrokenException("inflight region that goes on at slot " + index);
    }
    return new PackedPosition(index, region.u8(wrapAt) != 0);
  }

  private List<Copied> inFlight() {
    int free = region.u16(OLD_FREE_AT);
    for (int seen = 0; free < entries && seen < entries; seen++) {
      region.putU8(state(free) + INFLIGHT_AT, 0);
      free = region.u16(state(free) + NEXT_AT);
    }
    List<Copied> chains = new ArrayList<>();
    int slots = 0;
    for (int i = 0; i < entries; i++) {
      if (region.u8(state(i) + INFLIGHT_AT) != 0) {
        Copied chain = copied(i);
        slots += chain.slots().size();
        chains.add(chain);
      }
    }
    if (slots > entries) {
      throw new QueueBrokenException("inflight region with " + slots + " slots in flight");
    }
    chains.sort(Comparator.comparingLong(Copied::counter));
    if (!chains.isEmpty()) {
      counter = chains.getLast().counter() + 1;
    }
    return chains;
  }

  private Copied copied(int head) {
    int count = region.u16(state(head) + SLOTS_AT);
    if (count < 1 || count > entries) {
      throw new QueueBrokenException("inflight region with a chain of " + count + " slots");
    }
    List<Slot> slots = new ArrayList<>(count);
    int entry = head;
    for (int i = 0; i < count; i++) {
      long state = state(entry);
      slots.add(
          new Slot(
              region.u64(state + ADDRESS_AT),
              region.u32(state + LENGTH_AT),
              region.u16(state + ID_AT),
              region.u16(state + FLAGS_AT)));
      entry = region.u16(state + NEXT_AT);
    }
    return new Copied(head, region.u64(state(head) + COUNTER_AT), slots);
  }

  /** A chain was taken: the entry that its list begins with. */
  int taken(List<Slot> slots) {
    int head = region.u16(OLD_FREE_AT);
    long first = state(head);
    region.putU16(first + SLOTS_AT, 0);
    region.putU64(first + COUNTER_AT, counter++);
    region.putU8(first + INFLIGHT_AT, 1);
    int free = region.u16(FREE_AT);
    int last = free;
    int count = 0;
    for (Slot slot : slots) {
      last = free;
      long state = state(free);
      region.putU16(first + SLOTS_AT, ++count);
      region.putU64(state + ADDRESS_AT, slot.address());
      region.putU32(state + LENGTH_AT, slot.length());
      region.putU16(state + FLAGS_AT, slot.flags());
      region.putU16(state + ID_AT, slot.id());
      free = region.u16(state + NEXT_AT);
      region.putU16(FREE_AT, free);
    }
    region.putU16(first + LAST_AT, last);
    region.putU16(OLD_FREE_AT, free);
    return head;
  }

  /** A chain is about to be used; {@code after} is where the next will be. */
  void beforeUsed(int entry, PackedPosition after) {
    int last = region.u16(state(entry) + LAST_AT);
    region.putU16(state(last) + NEXT_AT, region.u16(FREE_AT));
    region.putU16(FREE_AT, entry);
    putUsed(after, position(OLD_USED_AT, OLD_USED_WRAP_AT));
  }

  /** The used descriptor is visible. */
  void afterUsed(int entry) {
    region.putU8(state(entry) + INFLIGHT_AT, 0);
    region.putU16(OLD_FREE_AT, region.u16(FREE_AT));
    PackedPosition used = position(USED_AT, USED_WRAP_AT);
    putUsed(used, used);
  }

  private long state(int entry) {
    if (entry >= entries) {
      throw new QueueBrokenException("inflight region that names entry " + entry);
    }
    return STATES_AT + (long) STATE_BYTES * entry;
  }
}
