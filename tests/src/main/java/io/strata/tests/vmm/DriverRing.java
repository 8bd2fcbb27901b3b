package io.strata.tests.vmm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The driver's side of a virtqueue (virtio 1.2, 2.6 to 2.8). Confined to one thread at a time.
 *
 * <p>It trusts the device with nothing: a chain that comes back twice, or that was never offered,
 * is an {@link IllegalStateException}.
 */
public sealed interface DriverRing permits SplitRing, PackedRing {
  /** How many descriptors it has. */
  int size();

  /** Where it lies. */
  RingAddresses addresses();

  /**
   * Makes a chain available. Pieces that are readable come first.
   *
   * @return the name under which it comes back, below {@link #size}; -1 if there is no room
   */
  int offer(List<Piece> chain);

  /** Whether the device wants to be told of what was offered since the last call of this. */
  boolean wantsKick();

  /** The next chain that the device has given back; null if there is none now. */
  @Nullable Used poll();

  /**
   * Asks the device to call when the next chain comes back.
   *
   * @return whether one has come back meanwhile, for which no call may come
   */
  boolean arm();

  /** Asks the device not to call; it may all the same. */
  void disarm();

  /** How many chains the device holds. */
  int outstanding();

  /**
   * What a front-end tells a back end as the ring's base if the last back end died without saying:
   * for a split ring the used index, for a packed one where both sides began. A back end that was
   * given its inflight region back knows better.
   */
  int baseAfterCrash();

  /** Whether {@code event} lies in what was added between {@code before} and {@code now}. */
  static boolean passed(int event, int now, int before) {
    return (now - event - 1 & 0xffff) < (now - before & 0xffff);
  }
}
