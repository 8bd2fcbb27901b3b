package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.StateConverter;
import io.strata.fs.volume.StatePoint;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description =
        "Make a volume what it was, mounted or not. What it is now is kept under a name that is told, so"
            + " that this can be undone. What programs have open under a mount ends in ESTALE, and what"
            + " guests remember is not replaced: end or pause them first.",
    footer = {
      "  strata snapshot rollback /mnt before-upgrade",
      "  strata snapshot rollback file:/srv/volumes/a before-upgrade",
      "  strata snapshot rollback --json s3://bucket/home 42"
    })
final class SnapshotRollbackCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "DIR-or-URL",
      description = "Where it is mounted, or the socket that it is served on, or where it is.")
  private String volume = "";

  @Parameters(
      index = "1",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description = "A snapshot's name, a head's number, a log entry, or a time.")
  private StatePoint state = new StatePoint.Numbered(0);

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private OpeningOptions opening = new OpeningOptions();

  SnapshotRollbackCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    new RollbackTask(terminal, new OwnerTask(terminal, volume, opening)).run(state, json.given());
    return ExitStatus.OK;
  }
}
