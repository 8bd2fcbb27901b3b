package io.strata.cli.command;

import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.SizeConverter;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.FormatReport;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "format",
    description = "Make a volume in an empty folder or bucket prefix.",
    footer = {
      "  strata format file:/srv/volumes/a",
      "  strata format --label=home --capacity=1TiB s3://bucket/home?region=eu-central-1",
      "  strata format --json file:/srv/volumes/b"
    })
final class FormatCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "Where the volume is to be.")
  private String url = "";

  @Option(names = "--label", paramLabel = "TEXT", description = "A name for people.")
  private String label = "";

  @Option(
      names = "--capacity",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Let files occupy no more than this (default: no limit).")
  private long capacityBytes;

  @Option(
      names = "--single-writer",
      description =
          "Accept a store that ignores If-None-Match. Two daemons on one volume then destroy "
              + "it: you promise that there will never be two.")
  private boolean singleWriter;

  @Mixin private JsonOption json = new JsonOption();

  FormatCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Platform platform = SystemPlatform.create();
    String normal = VolumeUrl.normal(url);
    try (StoreConnection connection =
        StoreConnection.open(normal, VolumeSession.PATIENCE, platform)) {
      VolumeDescriptor volume =
          Volume.format(
              connection.store(), new FormatOptions(label, capacityBytes, singleWriter), platform);
      Output.print(new FormatReport(normal, volume), json.given(), terminal.out());
    }
    return ExitStatus.OK;
  }
}
