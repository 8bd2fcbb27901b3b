package io.strata.store.metrics;

import java.time.Duration;

/**
 * What was counted for one verb.
 *
 * @param requests calls that have ended, failed ones included
 * @param errors how many of them failed; "exists" and "missing" are answers, not failures
 * @param throttled how many of those that failed were answered that the store is asked too much
 * @param bytes bytes of objects, sent by puts and received by gets; 0 for the other verbs
 * @param total time spent in all calls together
 * @param median half of the latest calls took no longer
 * @param p99 99 of 100 of the latest calls took no longer
 * @param longest the longest of the latest calls; the latest are those of about five minutes
 */
public record VerbStats(
    long requests,
    long errors,
    long throttled,
    long bytes,
    Duration total,
    Duration median,
    Duration p99,
    Duration longest) {

  /** What was counted after {@code earlier}; the latencies stay as they are. */
  VerbStats since(VerbStats earlier) {
    return new VerbStats(
        requests - earlier.requests,
        errors - earlier.errors,
        throttled - earlier.throttled,
        bytes - earlier.bytes,
        total.minus(earlier.total),
        median,
        p99,
        longest);
  }
}
