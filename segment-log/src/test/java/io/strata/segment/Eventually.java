package io.strata.segment;

import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
final class Eventually {
  private static final long TRIES_MAX = 20_000;

  private Eventually() {}

  /**
   * Waits some 20 seconds for {@code condition}; fails as {@code what} if it does not come true.
   */
  static void holds(String what, BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      if (i == TRIES_MAX) {
        throw new AssertionError("never: " + what);
      }
      Thread.sleep(1);
    }
  }
}
