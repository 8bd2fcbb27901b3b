package io.strata.cli.option;

import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.OpenOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Gives a command that serves a volume the options that say what a store's absence means. */
public final class OutageOptions {
  @Option(
      names = "--io-timeout",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "Let an operation that waits for the store so long fail with EIO; what was written "
              + "stays and is sent when the store answers again (default: never).")
  private @Nullable Duration ioTimeout;

  @Option(
      names = "--wait-for-store",
      description =
          "If the store does not answer at the start, wait until it does, instead of failing "
              + "after 30 s: for mounts at boot.")
  private boolean waitForStore;

  /** The options of an opening that say how long operations wait. */
  public OpenOptions apply(OpenOptions opening) {
    return opening.withIoTimeout(ioTimeout);
  }

  /** How long to ask a store that does not answer before the volume is open; null for ever. */
  public @Nullable Duration openingPatience() {
    return waitForStore ? null : VolumeSession.PATIENCE;
  }
}
