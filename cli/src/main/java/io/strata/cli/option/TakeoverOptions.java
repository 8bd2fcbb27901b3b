package io.strata.cli.option;

import io.strata.fs.volume.LeaseOptions;
import io.strata.fs.volume.OpenOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Gives a command that serves a volume the options that say how owners follow one another. */
public final class TakeoverOptions {
  @Option(
      names = "--standby",
      description =
          "If another daemon has the volume, wait, and go on in its place when it is gone. A "
              + "daemon that is started so also tells others that wait that it lives.")
  private boolean standby;

  @Option(
      names = "--lease-term",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "For how long this daemon answers after its store has last shown that the volume is "
              + "its own (default 3s). An idle one asks nothing; its next operation does.")
  private Duration leaseTerm = LeaseOptions.DEFAULT.term();

  /** Whether to wait for a volume that somebody else has. */
  public boolean standby() {
    return standby;
  }

  /** The options of an opening that say so. */
  public OpenOptions apply(OpenOptions opening) {
    return opening.withLease(new LeaseOptions(leaseTerm, standby));
  }
}
