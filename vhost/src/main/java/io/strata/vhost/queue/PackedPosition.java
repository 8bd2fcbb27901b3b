package io.strata.vhost.queue;

/**
 * Where one is in a packed ring.
 *
 * @param index slot of the next descriptor
 * @param wrap the wrap counter of one bit: true in the first lap (virtio 1.2, 2.8.1)
 */
record PackedPosition(int index, boolean wrap) {
  private static final int WRAP = 1 << 15;

  /** From 15 bits of index and one of wrap counter, as rings and vhost-user write it. */
  static PackedPosition of(int bits, int entries) {
    int index = bits & WRAP - 1;
    if (index >= entries) {
      throw new QueueBrokenException("position " + index + " in a ring of " + entries + " entries");
    }
    return new PackedPosition(index, (bits & WRAP) != 0);
  }

  int bits() {
    return wrap ? index | WRAP : index;
  }

  /** At most once around. */
  PackedPosition plus(int slots, int entries) {
    int sum = index + slots;
    return sum < entries ? new PackedPosition(sum, wrap) : new PackedPosition(sum - entries, !wrap);
  }
}
