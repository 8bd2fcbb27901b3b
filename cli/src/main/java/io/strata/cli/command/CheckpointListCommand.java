package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.Output;
import io.strata.cli.volume.CheckpointList;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "List the checkpoints that a volume keeps, oldest first.",
    footer = {
      "  strata checkpoint list /mnt",
      "  strata checkpoint list --json file:/srv/volumes/a"
    })
final class CheckpointListCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Mixin private JsonOption json = new JsonOption();

  CheckpointListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    String url = new RunningVolumes(terminal).url(volume.given());
    CheckpointList list = CheckpointList.of(VolumeHistory.read(url).newest());
    Output.print(list, json.given(), terminal.out());
    return ExitStatus.OK;
  }
}
