package io.strata.fuse.server;

import io.strata.fuse.abi.Opcode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts and times one kind of request. Safe for any thread. */
final class OperationMeter {
  /** Four buckets an octave: a quantile is at most a quarter too high. */
  private static final int BUCKETS_PER_OCTAVE_BITS = 2;

  private static final int BUCKETS = 64 << BUCKETS_PER_OCTAVE_BITS;

  private final Opcode opcode;
  private final LongAdder count = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final AtomicLong nanosMax = new AtomicLong();
  private final AtomicLongArray histogram = new AtomicLongArray(BUCKETS);

  OperationMeter(Opcode opcode) {
    this.opcode = opcode;
  }

  void record(long tookNanos, int in, int out, boolean failed) {
    long took = Math.max(1, tookNanos);
    count.increment();
    bytesIn.add(in);
    bytesOut.add(out);
    nanos.add(took);
    if (failed) {
      errors.increment();
    }
    if (took > nanosMax.get()) {
      nanosMax.accumulateAndGet(took, Math::max);
    }
    histogram.incrementAndGet(bucket(took));
  }

  OperationStats snapshot() {
    return new OperationStats(
        opcode,
        count.sum(),
        errors.sum(),
        bytesIn.sum(),
        bytesOut.sum(),
        nanos.sum(),
        quantile(0.5),
        quantile(0.99),
        nanosMax.get());
  }

  private static int bucket(long nanos) {
    int octave = 63 - Long.numberOfLeadingZeros(nanos);
    int within =
        octave >= BUCKETS_PER_OCTAVE_BITS
            ? (int) (nanos >>> (octave - BUCKETS_PER_OCTAVE_BITS)) & 3
            : 0;
    return (octave << BUCKETS_PER_OCTAVE_BITS) + within;
  }

  private static long upperBound(int bucket) {
    int octave = bucket >>> BUCKETS_PER_OCTAVE_BITS;
    long quarter = Math.max(1, (1L << octave) >>> BUCKETS_PER_OCTAVE_BITS);
    long bound = (1L << octave) + quarter * ((bucket & 3) + 1);
    return bound < 0 ? Long.MAX_VALUE : bound;
  }

  private long quantile(double part) {
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      total += histogram.get(i);
    }
    long wanted = (long) Math.ceil(total * part);
    long seen = 0;
    for (int i = 0; i < BUCKETS && total > 0; i++) {
      seen += histogram.get(i);
      if (seen >= wanted) {
        return Math.min(upperBound(i), nanosMax.get());
      }
    }
    return 0;
  }
}
