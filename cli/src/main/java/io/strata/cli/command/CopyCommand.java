package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Output;
import io.strata.cli.output.ProgressLine;
import io.strata.cli.volume.CopyResult;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.copy.VolumeCopy;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "copy",
    description =
        "Copy a volume to another store, with its snapshots and recent checkpoints. Every object "
            + "is verified on its way. If it is interrupted, run it again: it goes on where it was. "
            + "The volume may be in use; the copy is then as if its owner had been killed. Of a clone "
            + "what it shares is copied too: the copy needs no other volume.",
    footer = {
      "  strata copy file:/srv/volumes/a s3://bucket/a",
      "  strata copy --verify s3://bucket/a 's3://other/a?endpoint=https://s3.example.org'"
    })
final class CopyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "FROM", description = "The volume.")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "Where it is to be; an empty place.")
  private String to = "";

  @Option(names = "--verify", description = "Read back what was put, and compare checksums.")
  private boolean verify;

  @Mixin private JsonOption json = new JsonOption();

  CopyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Platform platform = SystemPlatform.create();
    ProgressLine progress = ProgressLine.of(terminal.err(), platform.clock());
    try (StoreConnection source =
            StoreConnection.open(VolumeUrl.normal(from), VolumeSession.PATIENCE, platform);
        StoreConnection target =
            StoreConnection.open(VolumeUrl.normal(to), VolumeSession.PATIENCE, platform)) {
      CopyResult result =
          new CopyResult(
              VolumeCopy.copy(
                  source.store(),
                  target.store(),
                  verify,
                  (objects, bytes) ->
                      progress.going(
                          "%s objects, %s"
                              .formatted(Amounts.count(objects), Amounts.bytes(bytes))),
                  platform));
      progress.clear();
      Output.print(result, json.given(), terminal.out());
    }
    return ExitStatus.OK;
  }
}
