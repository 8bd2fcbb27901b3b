package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.daemon.Loss;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.JsonTree;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.Unmount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "umount",
    description =
        "Unmount a volume and wait until its daemon has closed it, for as long as the store "
            + "needs. What is left of a daemon that was killed is taken away too.",
    footer = {"  strata umount /mnt", "  strata umount --force /mnt"})
final class UmountCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "Where the volume is mounted.")
  private Path directory = Path.of("");

  @Option(
      names = {"-f", "--force"},
      description =
          "Unmount even if files are open: programs that use them get errors. If the store "
              + "does not answer, give up what no fsync covered instead of waiting for it.")
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
    // While it is waited for, another connection can still be asked.
    Thread patience = Thread.ofVirtual().start(() -> tellIfUnanswered(volumes));
    try (ControlClient client = volumes.connect(directory.toString())) {
      JsonTree answer = client.ask(new ControlRequest.Unmount(force));
      client.awaitEnd();
      if (answer.flag("abandoned")) {
        terminal.err().printf("strata: the store does not answer: %s%n", Loss.of(answer));
        terminal.err().flush();
        return ExitStatus.STORE;
      }
    } finally {
      patience.interrupt();
    }
    return ExitStatus.OK;
  }

  /** Says once why it takes so long, if it is the store. */
  private void tellIfUnanswered(RunningVolumes volumes) {
    try (ControlClient client = volumes.connect(directory.toString())) {
      while (true) {
        Thread.sleep(LOOK);
        JsonTree now = client.ask(new ControlRequest.Statistics());
        if (!now.tree("storeHealth").flag("answering")) {
          terminal
              .err()
              .printf(
                  "strata: the store does not answer since %s; waiting for it with %s of file data"
                      + " and %s of changes (umount --force gives up what no fsync covered)%n",
                  now.tree("storeHealth").text("since"),
                  Amounts.bytes(now.tree("data").integer("dirtyBytes")),
                  Amounts.bytes(now.tree("tree").integer("pendingLogBytes")));
          terminal.err().flush();
          return;
        }
      }
    } catch (InterruptedException | IOException | Failure ended) {
      // The daemon has ended, or is about to: there is nothing to wait for.
      return;
    }
  }
}
