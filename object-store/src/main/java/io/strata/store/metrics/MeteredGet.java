package io.strata.store.metrics;

import io.strata.platform.Clock;
import io.strata.store.Receiver;
import io.strata.store.StoreException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A get whose bytes are handed over while they come. It counts when the last of them has come and
 * before anybody is told: whoever has read an object finds the request counted. For one request.
 */
final class MeteredGet implements Receiver {
  private final VerbMeter meter;
  private final Clock clock;
  private final Receiver receiver;
  private final long startNanos;
  private final AtomicBoolean counted = new AtomicBoolean();

  MeteredGet(VerbMeter meter, Clock clock, Receiver receiver) {
    this.meter = meter;
    this.clock = clock;
    this.receiver = receiver;
    this.startNanos = clock.nanoTime();
  }

  @Override
  public Arrival begin(int length) {
    countAt(length, length);
    Arrival arrival = receiver.begin(length);
    int[] left = {length};
    return bytes -> {
      left[0] -= bytes.remaining();
      countAt(length, left[0]);
      arrival.take(bytes);
    };
  }

  private void countAt(int length, int left) {
    if (left == 0 && counted.compareAndSet(false, true)) {
      meter.succeeded(clock.nanoTime() - startNanos, length);
    }
  }

  /** It failed; unless all had come, which is what was counted then. */
  void failed(StoreException why) {
    if (counted.compareAndSet(false, true)) {
      meter.failed(clock.nanoTime() - startNanos, why);
    }
  }
}
