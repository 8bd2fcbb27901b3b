package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.VolumeReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "info",
    description = "Tell what a bucket says of the volume in it; mounted or not.",
    footer = {"  strata info file:/srv/volumes/a", "  strata info --json s3://bucket/home"})
final class InfoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Mixin private JsonOption json = new JsonOption();

  InfoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    String normal = VolumeUrl.normal(url);
    VolumeHistory history = VolumeHistory.read(normal);
    Output.print(
        new VolumeReport(normal, history.volume(), history.newest()), json.given(), terminal.out());
    return ExitStatus.OK;
  }
}
