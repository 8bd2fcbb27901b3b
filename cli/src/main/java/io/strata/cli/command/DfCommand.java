package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.SpaceReport;
import io.strata.cli.volume.VolumeSession;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "df",
    description =
        "Tell what a volume takes in its bucket: what files hold, what is garbage, and which "
            + "snapshot or checkpoint keeps garbage from being deleted. Mounted or not.",
    footer = {"  strata df file:/srv/volumes/a", "  strata df --json s3://bucket/home"})
final class DfCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Mixin private JsonOption json = new JsonOption();

  DfCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try (VolumeSession session = VolumeSession.view(VolumeUrl.normal(url), null)) {
      Output.print(new SpaceReport(session.volume().space()), json.given(), terminal.out());
    }
    return ExitStatus.OK;
  }
}
