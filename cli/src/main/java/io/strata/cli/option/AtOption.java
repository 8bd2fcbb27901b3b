package io.strata.cli.option;

import io.strata.fs.volume.StatePoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Gives a command {@code --at}. */
public final class AtOption {
  @Option(
      names = "--at",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description =
          "Look at a state that the volume was in: a snapshot's name, a head's number, a log entry"
              + " (00000001/2f), or a time (2026-01-31T12:00:00Z). strata recover lists them.")
  private @Nullable StatePoint at;

  /** What was given, or null. */
  public @Nullable StatePoint given() {
    return at;
  }
}
