package io.strata.cli.command;

import io.strata.checkpoint.format.Neighbour;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.CloneReport;
import io.strata.cli.volume.SnapshotReport;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.Cloning;
import io.strata.fs.volume.StatePoint;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.url.Stores;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "clone",
    description =
        "Make a volume that begins as another is, or was at a snapshot, and shares its objects: at"
            + " once and without room, however much there is. Both go their own ways then. If it is"
            + " interrupted, run it again. The other volume keeps what is shared until the clone is"
            + " destroyed, or made whole (strata gc --whole).",
    footer = {
      "  strata snapshot clone s3://bucket/images/debian s3://bucket/vms/web-7",
      "  strata snapshot clone s3://bucket/home@monday s3://bucket/home-as-on-monday",
      "  strata snapshot clone /mnt file:/srv/volumes/experiment"
    })
final class SnapshotCloneCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "DIR-or-URL[@STATE]",
      description =
          "The volume: where it is mounted, or where it is; and a snapshot of it, or the number of a"
              + " head that is kept (default: as it is now).")
  private String from = "";

  @Parameters(
      index = "1",
      paramLabel = "URL",
      description = "Where the clone is to be: an empty place in the same bucket.")
  private String to = "";

  @Option(
      names = "--label",
      paramLabel = "TEXT",
      description = "A name for people (default: that of the volume).")
  private @Nullable String label;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private OpeningOptions opening = new OpeningOptions();

  SnapshotCloneCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    // Neither the name of a snapshot nor a number has a slash in it.
    int at = from.lastIndexOf('@') > from.lastIndexOf('/') ? from.lastIndexOf('@') : -1;
    String volume = at < 0 ? from : from.substring(0, at);
    String state = at < 0 ? "" : from.substring(at + 1);
    StatePoint point = at < 0 ? null : parse(state);
    String parent = new RunningVolumes(terminal).url(volume);
    String clone = VolumeUrl.normal(to);
    Platform platform = SystemPlatform.create();
    try (StoreConnection connection =
        StoreConnection.open(parent, VolumeSession.PATIENCE, platform)) {
      Cloning cloning =
          Cloning.begin(
              connection.store(),
              Stores.place(parent, clone),
              Stores.place(clone, parent),
              label,
              platform);
      Neighbour neighbour = cloning.neighbour();
      SnapshotReport kept =
          new OwnerTask(terminal, volume, opening)
              .run(
                  new ControlRequest.KeepForClone(
                      neighbour.volume().toString(), neighbour.place().path(), state),
                  SnapshotReport::of,
                  owned -> SnapshotReport.of(owned.snapshots().keepFor(neighbour, point)));
      Output.print(
          new CloneReport(clone, cloning.finish(), parent, kept), json.given(), terminal.out());
    }
    return ExitStatus.OK;
  }

  private static StatePoint parse(String state) throws Failure {
    try {
      return StatePoint.parse(state);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitStatus.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
