package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Output;
import io.strata.cli.volume.GarbageReport;
import io.strata.cli.volume.VolumeSession;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "gc",
    description =
        "Give back now what space a volume can: copy what is live of objects that are mostly "
            + "garbage, and delete what nothing refers to. A mounted volume does that by itself, "
            + "slowly; this does not wait. What snapshots and recent checkpoints need stays "
            + "(strata df).",
    footer = {"  strata gc /mnt", "  strata gc --json s3://bucket/home"})
final class GcCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "DIR-or-URL",
      description = "Where it is mounted, or where it is; it need not be mounted then.")
  private String volume = "";

  @Mixin private OpeningOptions opening = new OpeningOptions();

  @Mixin private JsonOption json = new JsonOption();

  GcCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    Optional<ControlClient> daemon = new RunningVolumes(terminal).connectToOwner(volume);
    if (daemon.isPresent()) {
      try (ControlClient client = daemon.get()) {
        collect(client);
      }
    } else {
      try (VolumeSession session =
          VolumeSession.open(
              VolumeUrl.normal(volume),
              opening.toOptions(false, Runtime.getRuntime().maxMemory()),
              VolumeSession.PATIENCE)) {
        Output.print(GarbageReport.collect(session.volume()), json.given(), terminal.out());
      }
    }
    return ExitStatus.OK;
  }

  private void collect(ControlClient client) throws IOException {
    String reply = client.askForLine(new ControlRequest.CollectGarbage());
    if (json.given()) {
      terminal.out().println(reply);
    } else {
      long freed = JsonTree.parse(reply).integer("freedBytes");
      terminal.out().printf("freed     %s%n", GarbageReport.text(freed));
    }
  }
}
