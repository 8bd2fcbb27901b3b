package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Output;
import io.strata.cli.output.ProgressLine;
import io.strata.cli.volume.GarbageReport;
import io.strata.cli.volume.LeftoverReport;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.Leftovers;
import io.strata.fs.volume.OpenOptions;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gc",
    description =
        "Give back now what space a volume can: copy what is live of objects that are mostly "
            + "garbage, and delete what nothing refers to. A mounted volume does that by itself, "
            + "slowly; this does not wait. What snapshots and recent checkpoints need stays "
            + "(strata df). Objects that a crash has left behind are found by listing the bucket, "
            + "and deleted too.",
    footer = {
      "  strata gc --now /mnt",
      "  strata gc --dry-run s3://bucket/home",
      "  strata gc --whole s3://bucket/vms/web-7",
      "  strata gc --json s3://bucket/home"
    })
final class GcCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "DIR-or-URL",
      description = "Where it is mounted, or where it is; it need not be mounted then.")
  private String volume = "";

  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Delete and change nothing; name what crashes have left behind. It may be mounted "
              + "meanwhile; DIR-or-URL must be a URL.")
  private boolean dryRun;

  @Option(
      names = "--now",
      description = "What it does unless it is a dry run; for scripts that want to say so.")
  private boolean now;

  @Option(
      names = "--whole",
      description =
          "Of a clone: first copy what it shares with the volume that it was cloned from, which then "
              + "need not keep it any more, and can be destroyed.")
  private boolean whole;

  @Mixin private OpeningOptions opening = new OpeningOptions();

  @Mixin private JsonOption json = new JsonOption();

  GcCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    Platform platform = SystemPlatform.create();
    ProgressLine progress = ProgressLine.of(terminal.err(), platform.clock());
    LongConsumer looked =
        objects -> progress.going(Amounts.count(objects) + " objects looked at");
    if (dryRun && now) {
      throw new Failure(
          ExitStatus.USAGE, "--dry-run deletes nothing and --now does it at once: leave one out");
    }
    if (dryRun) {
      look(platform, looked, progress);
      return ExitStatus.OK;
    }
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
        GarbageReport report = GarbageReport.collect(session.volume(), whole, looked);
        progress.clear();
        Output.print(report, json.given(), terminal.out());
      }
    }
    return ExitStatus.OK;
  }

  private void look(Platform platform, LongConsumer looked, ProgressLine progress)
      throws IOException {
    try (StoreConnection connection =
        StoreConnection.open(VolumeUrl.normal(volume), VolumeSession.PATIENCE, platform)) {
      OpenOptions options = opening.toOptions(true, Runtime.getRuntime().maxMemory());
      Leftovers found = Leftovers.find(connection.store(), options, platform, looked);
      progress.clear();
      Output.print(new LeftoverReport(found, false), json.given(), terminal.out());
    }
  }

  private void collect(ControlClient client) throws IOException {
    String reply = client.askForLine(new ControlRequest.CollectGarbage(whole));
    if (json.given()) {
      terminal.out().println(reply);
    } else {
      JsonTree answer = JsonTree.parse(reply);
      terminal.out().printf("freed     %s%n", GarbageReport.text(answer.integer("freedBytes")));
      JsonTree left = answer.tree("leftovers");
      if (left.names().contains("keptBy")) {
        LeftoverReport.kept(left.text("keptBy"), terminal.out());
        return;
      }
      terminal
          .out()
          .printf(
              "crashes   left %s objects, %s: deleted%n",
              Amounts.count(left.integer("objects")), Amounts.bytes(left.integer("bytes")));
    }
  }
}
