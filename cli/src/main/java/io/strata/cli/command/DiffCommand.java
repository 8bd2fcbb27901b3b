package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.StateConverter;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.ProgressLine;
import io.strata.cli.volume.DifferenceOutput;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.difference.DifferenceProgress;
import io.strata.fs.difference.VolumeDifference;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.VolumeLimits;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description =
        "Tell what differs between two states of a volume: paths that were added, removed, renamed"
            + " or changed, and what about them. It costs what differs, however large the volume"
            + " is; whoever has it goes on.",
    footer = {
      "  strata diff /mnt before-upgrade",
      "  strata diff s3://bucket/home 42 57",
      "  strata diff --json /mnt 2026-01-31T12:00:00Z 00000002/1f"
    })
final class DiffCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Parameters(
      index = "1",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description =
          "A snapshot's name, a head's number, a log entry (00000001/2f), or a time"
              + " (2026-01-31T12:00:00Z). strata recover lists them.")
  private StatePoint before = new StatePoint.Numbered(0);

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description = "Another; the volume as its bucket has it now if left out.")
  private @Nullable StatePoint after;

  @Mixin private JsonOption json = new JsonOption();

  DiffCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    String url = new RunningVolumes(terminal).url(volume.given());
    Platform platform = SystemPlatform.create();
    OpenOptions options =
        OpenOptions.DEFAULT.withLimits(VolumeLimits.forHeap(Runtime.getRuntime().maxMemory()));
    ProgressLine progress = ProgressLine.of(terminal.err(), platform.clock());
    DifferenceOutput output = new DifferenceOutput(terminal.out(), json.given());
    try (StoreConnection connection =
        StoreConnection.open(url, VolumeSession.PATIENCE, platform)) {
      VolumeDifference.open(connection.store(), before, after, options, platform)
          .tell(
              change -> {
                progress.clear();
                output.accept(change);
              },
              (step, entries) -> progress.going(text(step, entries)));
    } finally {
      progress.clear();
    }
    output.end();
    return ExitStatus.OK;
  }

  private static String text(DifferenceProgress.Step step, long entries) {
    String count = Amounts.count(entries);
    return switch (step) {
      case COMPARING -> "compared %s entries".formatted(count);
      case NAMING -> "looking for names, %s entries".formatted(count);
    };
  }
}
