package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.FsckProgress;
import io.strata.cli.volume.FsckResult;
import io.strata.cli.volume.RepairResult;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.RepairOptions;
import io.strata.fsck.RepairReport;
import io.strata.fsck.ScrubOptions;
import io.strata.fsck.repair.Held;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fsck",
    description =
        "Check a volume from its bucket alone and name everything that is wrong, what it means and "
            + "what a repair would do. It may be mounted meanwhile. Nothing is changed without "
            + "--repair.",
    exitCodeListHeading = "%nExit status, as e2fsck(8); sums of:%n",
    exitCodeList = {
      "0:nothing is wrong",
      "1:errors were corrected",
      "4:errors are left",
      "8:the check or repair could not be done or not be finished",
      "16:wrong command line",
      "32:cancelled"
    },
    exitCodeOnInvalidInput = FsckReport.EXIT_USAGE,
    footer = {
      "  strata fsck file:/srv/volumes/a",
      "  strata fsck --data --rate 50 s3://bucket/home",
      "  strata fsck --at=before-upgrade s3://bucket/home",
      "  strata fsck --repair s3://bucket/home",
      "  strata fsck --json file:/srv/volumes/a"
    })
final class FsckCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;

  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Option(
      names = "--data",
      description =
          "Read and verify every block of every segment too (scrub). If it is interrupted, the "
              + "next one goes on where it was.")
  private boolean data;

  @Option(
      names = "--rate",
      paramLabel = "MIB",
      description = "With --data: read at most so many MiB a second.")
  private double rate;

  @Option(names = "--restart", description = "With --data: begin anew, whatever was read before.")
  private boolean restart;

  @Option(
      names = "--repair",
      description =
          "Repair what is wrong, by a new head beside which the old one is kept as a snapshot. No "
              + "object is overwritten or deleted. The volume must not be in use.")
  private boolean repair;

  @Option(
      names = "--rebuild",
      description =
          "With --repair: make what no checkpoint holds any more from segments and logs. Files "
              + "that were removed may come back.")
  private boolean rebuild;

  @Option(
      names = "--take-over",
      description = "With --repair: take the volume from an owner on a machine that is gone.")
  private boolean takeOver;

  @Option(
      names = "--at",
      paramLabel = "STATE",
      description =
          "Check a state that is kept: a snapshot's name, a head's number, or a time "
              + "(2026-01-31T12:00:00Z). An owner who goes on does not disturb that.")
  private @Nullable String at;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where tables go that outgrow memory (default /var/tmp).")
  private Path scratch = Path.of("/var/tmp");

  @Option(
      names = "--findings-max",
      paramLabel = "N",
      description = "Print no more findings than this; all are counted (default 1000).")
  private int findingsMax = 1000;

  @Mixin private JsonOption json = new JsonOption();

  FsckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Platform platform = SystemPlatform.create();
    if (at != null && repair) {
      return say(
          new ErrorLine(
              "--at is for checking; to repair go back to the state first (strata snapshot"
                  + " rollback)",
              FsckReport.EXIT_USAGE));
    }
    if (rate < 0 || (rebuild && !repair) || (takeOver && !repair)) {
      return say(
          new ErrorLine(
              "--rebuild and --take-over need --repair, and a rate is not negative; see strata fsck"
                  + " --help",
              FsckReport.EXIT_USAGE));
    }
    Cancellation cancellation = Cancellation.begin();
    FsckProgress progress = FsckProgress.of(terminal.err(), platform.clock());
    FsckOptions options = options(progress);
    try (StoreConnection connection =
        StoreConnection.open(VolumeUrl.normal(url), VolumeSession.PATIENCE, platform)) {
      int status = run(connection, options, progress, platform);
      return cancellation.cancelled() ? FsckReport.EXIT_CANCELLED : status;
    } catch (StoreException.Missing e) {
      return say(
          new ErrorLine(
              "there is no volume at " + VolumeUrl.normal(url) + ": check the URL",
              FsckReport.EXIT_FAILED));
    } catch (IllegalArgumentException noSuchState) {
      return failed(ErrorLine.of(noSuchState));
    } catch (Held | StoreException e) {
      return cancellation.cancelled() ? cancelled() : failed(ErrorLine.of(e));
    } catch (UncheckedIOException e) {
      return failed(ErrorLine.of(Objects.requireNonNull(e.getCause())));
    } catch (InterruptedException e) {
      return cancelled();
    } finally {
      progress.clear();
      cancellation.end();
    }
  }

  private FsckOptions options(FsckProgress progress) {
    Path state =
        restart || !data || at != null ? null : FsckProgress.stateDirectory(terminal.variables());
    return FsckOptions.DEFAULT
        .withData(data)
        .withAt(at)
        .withFindingsMax(findingsMax)
        .withProgress(progress)
        .withTables(scratch, FsckOptions.DEFAULT.tableBytesMax())
        .withScrub(new ScrubOptions(Math.round(rate * MIB), state));
  }

  private int run(
      StoreConnection connection, FsckOptions options, FsckProgress progress, Platform platform)
      throws IOException, InterruptedException {
    if (repair) {
      RepairReport report =
          Fsck.repair(connection.store(), new RepairOptions(options, rebuild, takeOver), platform);
      progress.clear();
      Output.print(new RepairResult(report, VolumeUrl.normal(url)), json.given(), terminal.out());
      return report.exitStatus();
    }
    FsckReport report = Fsck.check(connection.store(), options, platform);
    progress.clear();
    Output.print(new FsckResult(report), json.given(), terminal.out());
    return report.exitStatus();
  }

  private int cancelled() {
    @Nullable Path state = data ? FsckProgress.stateDirectory(terminal.variables()) : null;
    String resume =
        state == null || restart || at != null
            ? ""
            : "; how far it read is in %s, and the next --data goes on there".formatted(state);
    return say(new ErrorLine("cancelled" + resume, FsckReport.EXIT_CANCELLED));
  }

  private int failed(ErrorLine line) {
    return say(new ErrorLine(line.text(), FsckReport.EXIT_FAILED));
  }

  private int say(ErrorLine line) {
    CommandTree.say(terminal, line);
    return line.status();
  }
}
