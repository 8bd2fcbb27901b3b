package io.strata.vhost.queue;

import io.strata.vhost.memory.GuestMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a virtqueue in guest memory, and what was taken from it. Confined to whoever holds
 * the lock of its {@link VirtQueue}, and to {@code GuestAccess}.
 *
 * <p>Every method throws {@link QueueBrokenException} where a driver breaks the rules.
 */
sealed interface Ring permits SplitRing, PackedRing {
  /**
   * A chain as its ring knows it.
   *
   * @param head the descriptor it begins with, or (packed) its buffer id
   * @param slots descriptors of the ring that it takes up
   * @param entry where the inflight region has it
   * @param buffers what it consists of
   */
  record Taken(int head, int slots, int entry, ChainBuilder buffers) {}

  /**
   * Looks what was in flight when this ring was last served; once, before anything else.
   *
   * @return chains to be done again, in their order
   */
  List<Taken> recover(GuestMemory memory);

  /** The next available chain; null if there is none. */
  @Nullable Taken take(GuestMemory memory);

  /** Gives a chain back. */
  void put(Taken taken, int writtenBytes);

  /**
   * Whether the driver wants to be notified of what was put since the last call of this. What was
   * put is visible before the driver's wish is read.
   */
  boolean driverWantsNotification();

  /** Asks for no notifications from the driver; it may send some all the same. */
  void hush();

  /** Asks to be notified of the next chain: whether there is one already. */
  boolean listen();

  /** The same ring where a new table has it. */
  void moveTo(RingAreas areas);

  /** Where to go on, as {@link QueueSettings#base}. */
  int base();
}
