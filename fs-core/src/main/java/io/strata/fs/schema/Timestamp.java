package io.strata.fs.schema;

import java.time.Instant;

/**
 * A point in time as POSIX counts it.
 *
 * @param seconds since 1970-01-01T00:00:00Z, possibly negative
 * @param nanos 0 to 999,999,999
 */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
  public Timestamp {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("no such nanoseconds: " + nanos);
    }
  }

  /** The timestamp of an instant. */
  public static Timestamp of(Instant instant) {
    return new Timestamp(instant.getEpochSecond(), instant.getNano());
  }

  @Override
  public int compareTo(Timestamp other) {
    int bySeconds = Long.compare(seconds, other.seconds);
    return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
  }
}
