package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.JsonTree;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "now",
    description = "Have a mounted volume write its tree down, and wait for it.",
    footer = {"  strata checkpoint now /mnt", "  strata checkpoint now --json file:/srv/volumes/a"})
final class CheckpointNowCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Mixin private JsonOption json = new JsonOption();

  CheckpointNowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    try (ControlClient daemon = new RunningVolumes(terminal).connect(volume.given())) {
      String reply = daemon.askForLine(new ControlRequest.Checkpoint());
      if (json.given()) {
        terminal.out().println(reply);
      } else {
        terminal.out().printf("head %d%n", JsonTree.parse(reply).integer("head"));
      }
    }
    return ExitStatus.OK;
  }
}
