package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.Output;
import io.strata.cli.volume.SnapshotList;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "List the snapshots of a volume, oldest first.",
    footer = {
      "  strata snapshot list /mnt",
      "  strata snapshot list --json file:/srv/volumes/a"
    })
final class SnapshotListCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Mixin private JsonOption json = new JsonOption();

  SnapshotListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    String url = new RunningVolumes(terminal).url(volume.given());
    Output.print(
        SnapshotList.of(VolumeHistory.read(url).newest()), json.given(), terminal.out());
    return ExitStatus.OK;
  }
}
