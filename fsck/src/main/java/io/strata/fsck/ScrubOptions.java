package io.strata.fsck;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the data is read, if it is.
 *
 * @param bytesPerSecond at most so many; 0 for no limit
 * @param stateDirectory where a file says how far a scrub has come, so that it can go on after an
 *     interruption; null to begin anew each time
 */
public record ScrubOptions(long bytesPerSecond, @Nullable Path stateDirectory) {
  /** As fast as it goes, from the start. */
  public static final ScrubOptions DEFAULT = new ScrubOptions(0, null);

  public ScrubOptions {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("no such rate: " + bytesPerSecond);
    }
  }

  /** The file for a volume; null if there is no directory. */
  @Nullable Path stateOf(String volume) {
    return stateDirectory == null ? null : stateDirectory.resolve("scrub-" + volume);
  }
}
