package io.strata.replay.format;

import io.strata.store.Nonce;

/**
 * A segment that must exist for a log entry to count.
 *
 * @param nonce its name
 * @param logicalLength the length of its logical stream in bytes, at least 1; a segment that is
 *     shorter is not the one that was meant
 */
public record Dependency(Nonce nonce, long logicalLength) {
  public Dependency {
    if (logicalLength < 1) {
      throw new IllegalArgumentException("segment " + nonce + " of " + logicalLength + " bytes");
    }
  }
}
