package io.strata.store.s3;

import java.time.Duration;

/**
 * How to talk to the server.
 *
 * @param connectionsMax most connections, and requests under way, at a time; 1 or more
 * @param silenceMax how long a connection may stand still in mid-request before the request counts
 *     as lost; more than zero
 */
public record S3Settings(int connectionsMax, Duration silenceMax) {
  /** 64 connections; a minute of silence, longer than a cluster takes to replace a dead node. */
  public static final S3Settings DEFAULT = new S3Settings(64, Duration.ofMinutes(1));

  public S3Settings {
    if (connectionsMax < 1) {
      throw new IllegalArgumentException("at least one connection is needed");
    }
    if (silenceMax.isNegative() || silenceMax.isZero()) {
      throw new IllegalArgumentException("no such limit of silence: " + silenceMax);
    }
  }
}
