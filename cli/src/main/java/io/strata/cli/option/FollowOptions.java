package io.strata.cli.option;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Gives a command that serves a volume the options that say how to keep up with its owner. */
public final class FollowOptions {
  private static final Duration AGE_MAX = Duration.ofSeconds(2);

  @Option(
      names = "--follow",
      description =
          "Show the volume to be read only, also if somebody else owns it, and keep up with what "
              + "its owner makes durable. On any number of hosts; nothing is written to the store.")
  private boolean follow;

  @Option(
      names = "--max-age",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "With --follow: how old may be what an operation finds, as long as the store answers "
              + "(default 2s). The kernel may keep names and attributes for a second more.")
  private @Nullable Duration ageMax;

  /** Whether to follow. */
  public boolean follow() {
    return follow;
  }

  /**
   * How old may be what an operation finds; null if nobody is followed.
   *
   * @throws IllegalArgumentException if an age was given and nobody is followed
   */
  public @Nullable Duration ageMax() {
    if (!follow && ageMax != null) {
      throw new IllegalArgumentException("--max-age is how old what --follow shows may be");
    }
    return follow && ageMax == null ? AGE_MAX : ageMax;
  }
}
