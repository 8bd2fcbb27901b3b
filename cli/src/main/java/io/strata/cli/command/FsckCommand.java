package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.FsckResult;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.StoreException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fsck",
    description =
        "Check a volume from its bucket alone and name everything that is wrong; repair "
            + "nothing. It may be mounted meanwhile.",
    exitCodeListHeading = "%nExit status, as e2fsck(8):%n",
    exitCodeList = {
      "0:nothing is wrong",
      "4:there are errors, and they are left as they were",
      "8:the check could not be done or not be finished",
      "16:wrong command line"
    },
    exitCodeOnInvalidInput = FsckReport.EXIT_USAGE,
    footer = {
      "  strata fsck file:/srv/volumes/a",
      "  strata fsck --data s3://bucket/home",
      "  strata fsck --json file:/srv/volumes/a"
    })
final class FsckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Option(names = "--data", description = "Read and verify every block of every segment too.")
  private boolean data;

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
  public Integer call() throws InterruptedException {
    Platform platform = SystemPlatform.create();
    FsckOptions options = 
        FsckOptions.DEFAULT.withData(data).withFindingsMax(findingsMax);
    try (StoreConnection connection =
        StoreConnection.open(VolumeUrl.normal(url), VolumeSession.PATIENCE, platform)) {
      FsckReport report = Fsck.check(connection.store(), options, platform);
      Output.print(new FsckResult(report), json.given(), terminal.out());
      return report.exitStatus();
    } catch (StoreException.Missing e) {
      CommandTree.say(
          terminal,
          new ErrorLine(
              "there is no volume at " + VolumeUrl.normal(url) + ": check the URL",
              FsckReport.EXIT_FAILED));
      return FsckReport.EXIT_FAILED;
    } catch (StoreException e) {
      CommandTree.say(terminal, ErrorLine.of(e));
      return FsckReport.EXIT_FAILED;
    }
  }
}
