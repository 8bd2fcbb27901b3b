package io.strata.vhost.queue;

import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.OutsideGuestMemory;

/**
 * The three parts of a ring in guest memory (virtio 1.2, 2.6).
 *
 * @param descriptors the descriptor table, or the packed ring
 * @param driver what the driver writes: the available ring, or its event suppression
 * @param device what the device writes: the used ring, or its event suppression
 */
record RingAreas(RingMemory descriptors, RingMemory driver, RingMemory device) {
  /** Size of an event suppression structure (virtio 1.2, 2.8.14). */
  private static final int EVENT_BYTES = 4;

  /** Finds them, whole. */
  static RingAreas of(QueueSettings settings, GuestMemory memory) {
    long entries = settings.entries();
    long table = entries * ChainBuilder.DESCRIPTOR_BYTES;
    if (settings.packed()) {
      return new RingAreas(
          area(memory, settings.descriptorArea(), table, 16),
          area(memory, settings.driverArea(), EVENT_BYTES, 4),
          area(memory, settings.deviceArea(), EVENT_BYTES, 4));
    }
    // Flags, index, entries and the other side's event index (2.7.6 and 2.7.8).
    return new RingAreas(
        area(memory, settings.descriptorArea(), table, 16),
        area(memory, settings.driverArea(), 6 + 2 * entries, 2),
        area(memory, settings.deviceArea(), 6 + 8 * entries, 4));
  }

  private static RingMemory area(
      GuestMemory memory, long userAddress, long byteSize, int alignment) {
    try {
      return new RingMemory(memory.atUserAddress(userAddress, byteSize), alignment);
    } catch (OutsideGuestMemory e) {
      throw new QueueBrokenException("the ring: " + e.getMessage(), e);
    }
  }
}
