package io.strata.cli.command;

import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeName;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description =
        "Let snapshots go. What nothing else needs is deleted from the bucket: what the recent"
            + " checkpoints have in common with them goes when these do.",
    footer = {
      "  strata snapshot delete /mnt before-upgrade",
      "  strata snapshot delete s3://bucket/home monday tuesday"
    })
final class SnapshotDeleteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "A snapshot.")
  private List<String> names = List.of();

  @Mixin private OpeningOptions opening = new OpeningOptions();

  SnapshotDeleteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    new OwnerTask(terminal, volume.given(), opening)
        .run(
            new ControlRequest.DeleteSnapshots(names),
            reply -> true,
            owned -> {
              owned.snapshots().delete(names);
              return true;
            });
    return ExitStatus.OK;
  }
}
