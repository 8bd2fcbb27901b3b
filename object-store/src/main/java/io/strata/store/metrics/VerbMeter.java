package io.strata.store.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts the calls of one verb. Safe for use by any thread. */
final class VerbMeter {
  private static final double MEDIAN = 0.5;
  private static final double P99 = 0.99;
  private static final Duration LATEST = Duration.ofMinutes(5);

  private final Timer timer;
  private final Counter errors;
  private final Counter throttled;
  private final Counter bytes;

  VerbMeter(Verb verb, MeterRegistry registry) {
    String tag = verb.name().toLowerCase(Locale.ROOT);
    timer =
        Timer.builder("strata.store.requests")
            .tag("verb", tag)
            .publishPercentiles(MEDIAN, P99)
            .distributionStatisticExpiry(LATEST)
            .register(registry);
    errors = Counter.builder("strata.store.errors").tag("verb", tag).register(registry);
    throttled = Counter.builder("strata.store.throttled").tag("verb", tag).register(registry);
    bytes = Counter.builder("strata.store.bytes").tag("verb", tag).register(registry);
  }

  void succeeded(long nanos, long objectBytes) {
    timer.record(nanos, TimeUnit.NANOSECONDS);
    bytes.increment((double) objectBytes);
  }

  void failed(long nanos, StoreException why) {
    timer.record(nanos, TimeUnit.NANOSECONDS);
    switch (why) {
      case StoreException.Exists answer -> {}
      case StoreException.Missing answer -> {}
      case StoreException.Throttled failure -> {
        errors.increment();
        throttled.increment();
      }
      case StoreException.Unavailable failure -> errors.increment();
      case StoreException.Refused failure -> errors.increment();
      case StoreException.Corrupt failure -> errors.increment();
      case StoreException.TooNew failure -> errors.increment();
    }
  }

  VerbStats snapshot() {
    HistogramSnapshot latencies = timer.takeSnapshot();
    return new VerbStats(
        timer.count(),
        (long) errors.count(),
        (long) throttled.count(),
        (long) bytes.count(),
        nanos(timer.totalTime(TimeUnit.NANOSECONDS)),
        percentile(latencies, MEDIAN),
        percentile(latencies, P99),
        nanos(latencies.max(TimeUnit.NANOSECONDS)));
  }

  private static Duration percentile(HistogramSnapshot latencies, double percentile) {
    for (ValueAtPercentile value : latencies.percentileValues()) {
      if (value.percentile() == percentile) {
        return nanos(value.value(TimeUnit.NANOSECONDS));
      }
    }
    throw new IllegalArgumentException("percentile " + percentile + " is not recorded");
  }

  private static Duration nanos(double nanos) {
    return Duration.ofNanos(Math.round(nanos));
  }
}
