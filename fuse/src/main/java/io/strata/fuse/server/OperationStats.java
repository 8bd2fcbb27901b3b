package io.strata.fuse.server;

import io.strata.fuse.abi.Opcode;

/**
 * What became of one kind of request so far.
 *
 * @param opcode which kind
 * @param count how many were answered
 * @param errors how many of them with an error, ENOENT included
 * @param bytesIn bytes of the requests, headers included
 * @param bytesOut bytes of the replies, headers included
 * @param totalNanos time from arrival to answer, all together
 * @param p50Nanos half took no longer (to a quarter)
 * @param p99Nanos 99 % took no longer (to a quarter)
 * @param maxNanos none took longer
 */
public record OperationStats(
    Opcode opcode,
    long count,
    long errors,
    long bytesIn,
    long bytesOut,
    long totalNanos,
    long p50Nanos,
    long p99Nanos,
    long maxNanos) {
  /** Both together. Of quantiles it knows only that neither half was slower than the slower one. */
  OperationStats plus(OperationStats other) {
    return new OperationStats(
        opcode,
        count + other.count,
        errors + other.errors,
        bytesIn + other.bytesIn,
        bytesOut + other.bytesOut,
        totalNanos + other.totalNanos,
        Math.max(p50Nanos, other.p50Nanos),
        Math.max(p99Nanos, other.p99Nanos),
        Math.max(maxNanos, other.maxNanos));
  }
}
