package io.strata.fs.volume;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.util.concurrent.atomic.AtomicLong;

/** Hands out the nonces of an epoch, for segments and packs alike. Safe for any thread. */
final class NonceCounter {
  private final Epoch epoch;
  private final AtomicLong next = new AtomicLong();

  NonceCounter(Epoch epoch) {
    this.epoch = epoch;
  }

  Nonce take() {
    return Nonce.of(epoch, next.getAndIncrement());
  }

  /** The counter of the nonce that is taken next. */
  long peek() {
    return next.get();
  }
}
