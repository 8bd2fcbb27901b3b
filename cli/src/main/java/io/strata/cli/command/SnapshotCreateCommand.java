package io.strata.cli.command;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.Output;
import io.strata.cli.volume.SnapshotReport;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description =
        "Keep a volume as it is now under a name. A daemon of this user that has the volume does"
            + " it while it goes on; else the volume is opened for a moment.",
    footer = {
      "  strata snapshot create /mnt before-upgrade",
      "  strata snapshot create --json s3://bucket/home 2026-02-01"
    })
final class SnapshotCreateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description =
          "What to call it: up to 255 bytes without a slash, no number alone, and neither '.' nor"
              + " '-' first.")
  private String name = "";

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private OpeningOptions opening = new OpeningOptions();

  SnapshotCreateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    Optional<String> objection = NamedSnapshot.objection(name);
    if (objection.isPresent()) {
      throw new Failure(
          ExitStatus.USAGE,
          "no snapshot can be called '%s': %s".formatted(name, objection.get()));
    }
    Output.print(
        new OwnerTask(terminal, volume.given(), opening)
            .run(
                new ControlRequest.CreateSnapshot(name),
                SnapshotReport::of,
                owned -> SnapshotReport.of(owned.snapshots().create(name))),
        json.given(),
        terminal.out());
    return ExitStatus.OK;
  }
}
