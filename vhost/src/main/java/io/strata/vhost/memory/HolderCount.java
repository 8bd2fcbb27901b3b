package io.strata.vhost.memory;

import java.util.concurrent.atomic.AtomicInteger;

/** How many use a thing; begins with one, ends at none for good. Safe for any thread. */
final class HolderCount {
  private final AtomicInteger holders = new AtomicInteger(1);

  /** One more. The caller is a holder itself, or holds something that is. */
  void retain() {
    if (holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      throw new IllegalStateException("nobody holds it any more");
    }
  }

  /** One less: whether that was the last. */
  boolean release() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("released more often than held");
    }
    return left == 0;
  }
}
