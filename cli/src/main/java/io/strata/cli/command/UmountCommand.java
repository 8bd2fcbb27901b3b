package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.Unmount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "umount",
    description =
        "Unmount a volume and wait until its daemon has closed it. What is left of a daemon "
            + "that was killed is taken away too.",
    footer = {"  strata umount /mnt", "  strata umount --force /mnt"})
final class UmountCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "Where the volume is mounted.")
  private Path directory = Path.of("");

  @Option(
      names = {"-f", "--force"},
      description = "Unmount even if files are open: programs that use them get errors.")
  private boolean force;

  UmountCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    RunningVolumes volumes = new RunningVolumes(terminal);
    Optional<DaemonIdentity> daemon = volumes.at(directory);
    if (daemon.isEmpty()) {
      FuseMount.unmount(directory, force ? Unmount.ABORT : Unmount.IF_UNUSED);
      return ExitStatus.OK;
    }
    try (ControlClient client = volumes.connect(directory.toString())) {
      client.ask(new ControlRequest.Unmount(force));
      client.awaitEnd();
    }
    return ExitStatus.OK;
  }
}
