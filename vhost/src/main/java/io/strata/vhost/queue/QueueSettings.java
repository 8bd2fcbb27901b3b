package io.strata.vhost.queue;

/**
 * How a driver and its front end have set up a queue. Addresses are the front end's own (vhost-user
 * calls them user addresses).
 *
 * @param entries size of the ring
 * @param packed whether it is a packed ring (VIRTIO_F_RING_PACKED)
 * @param indirect whether descriptors may point to tables of descriptors
 * @param eventIndex whether both sides say at which index they want to be notified
 * @param descriptorArea the descriptor table, or the packed ring
 * @param driverArea the available ring, or the driver's event suppression
 * @param deviceArea the used ring, or the device's event suppression
 * @param base where to go on, as vhost-user tells it: the next available index, or (packed) that
 *     and the next used position with their wrap counters
 */
public record QueueSettings(
    int entries,
    boolean packed,
    boolean indirect,
    boolean eventIndex,
    long descriptorArea,
    long driverArea,
    long deviceArea,
    int base) {
  /** The largest ring that is served. */
  public static final int ENTRIES_MAX = 1024;

  /**
   * Checks what can be checked without memory.
   *
   * @throws QueueBrokenException if the size is none of this kind of ring (virtio 1.2, 2.7 and
   *     2.8.10.1), or more than {@link #ENTRIES_MAX}
   */
  void requireValid() {
    if (entries < 1 || entries > ENTRIES_MAX) {
      throw new QueueBrokenException(
          "a ring of %d entries, where 1 to %d are possible".formatted(entries, ENTRIES_MAX));
    }
    if (!packed && Integer.bitCount(entries) != 1) {
      throw new QueueBrokenException(
          "a split ring of " + entries + " entries, which is no power of two");
    }
  }
}
