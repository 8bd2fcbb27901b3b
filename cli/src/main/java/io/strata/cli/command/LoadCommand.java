package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Output;
import io.strata.cli.output.ProgressLine;
import io.strata.cli.volume.LoadResult;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.dump.Load;
import io.strata.fsck.dump.LoadOptions;
import io.strata.fsck.dump.LoadReport;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "load",
    description =
        "Make the files that strata dump has written down the files of a volume, over the segments "
            + "that are in its bucket: the same volume, or what is left of it. What is there is "
            + "kept as a snapshot before-repair-N, and no object is overwritten or deleted. The "
            + "volume must not be in use.",
    footer = {
      "  strata load home.dump s3://bucket/home",
      "  zstd -dc home.dump.zst | strata load - s3://bucket/home"
    })
final class LoadCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "What strata dump has written; - for standard input.")
  private String file = "";

  @Parameters(index = "1", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Option(
      names = "--edited",
      description =
          "The file was changed by hand: its checksum and counts need not fit. All else must.")
  private boolean edited;

  @Option(
      names = "--take-over",
      description = "Take the volume from an owner on a machine that is gone.")
  private boolean takeOver;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "Where tables go that outgrow memory, and standard input is kept (default /var/tmp).")
  private Path scratch = Path.of("/var/tmp");

  @Mixin private JsonOption json = new JsonOption();

  LoadCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!file.equals("-")) {
      return load(Path.of(file));
    }
    // It is read twice.
    Path kept = Files.createTempFile(scratch, "strata-load", ".tmp");
    try {
      Files.copy(System.in, kept, StandardCopyOption.REPLACE_EXISTING);
      return load(kept);
    } finally {
      Files.deleteIfExists(kept);
    }
  }

  private int load(Path dump) throws IOException, InterruptedException {
    Platform platform = SystemPlatform.create();
    ProgressLine progress = ProgressLine.of(terminal.err(), platform.clock());
    try (StoreConnection connection =
        StoreConnection.open(VolumeUrl.normal(url), VolumeSession.PATIENCE, platform)) {
      LoadOptions options =
          new LoadOptions(
              FsckOptions.DEFAULT.withTables(scratch, FsckOptions.DEFAULT.tableBytesMax()),
              edited,
              takeOver,
              lines -> progress.going(Amounts.count(lines) + " lines read"));
      LoadReport report = Load.load(dump, connection.store(), options, platform);
      progress.clear();
      Output.print(
          new LoadResult(report, VolumeUrl.normal(url)), json.given(), terminal.out());
      return report.after().exitStatus() == 0 ? ExitStatus.OK : ExitStatus.FAILED;
    } finally {
      progress.clear();
    }
  }
}
