package io.strata.cli.command;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.ProgressLine;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.Destruction;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.url.StoreUrl;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "destroy",
    description =
        "Delete a volume for good, with all its snapshots. Refused while it is in use, and while"
            + " clones share its objects. What else is in the same place stays. If it is interrupted,"
            + " run it again.",
    footer = {
      "  strata destroy --yes s3://bucket/vms/web-7",
      "  strata destroy --yes --even-damaged file:/srv/volumes/broken"
    })
final class DestroyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Option(names = "--yes", description = "Do it: nothing brings the volume back.")
  private boolean yes;

  @Option(
      names = "--even-damaged",
      description = "Do it though the volume cannot be opened; nobody may have it mounted then.")
  private boolean evenDamaged;

  @Mixin private OpeningOptions opening = new OpeningOptions();

  DestroyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    String normal = VolumeUrl.normal(url);
    if (!yes) {
      throw new Failure(
          ExitStatus.USAGE,
          "nothing brings %s back once it is destroyed: give --yes if you mean it"
              .formatted(normal));
    }
    Platform platform = SystemPlatform.create();
    ProgressLine progress = ProgressLine.of(terminal.err(), platform.clock());
    VolumeDescriptor gone;
    try (StoreConnection connection =
        StoreConnection.open(normal, VolumeSession.PATIENCE, platform)) {
      gone =
          Destruction.destroy(
              connection.store(),
              opening.toOptions(false, Runtime.getRuntime().maxMemory()),
              evenDamaged,
              objects -> progress.going(Amounts.count(objects) + " objects deleted"),
              platform);
    }
    progress.clear();
    terminal.out().printf("%s is destroyed: it was volume %s%n", normal, gone.id());
    Neighbour origin = gone.origin();
    if (origin != null) {
      forgetIn(StoreUrl.elsewhere(normal, origin.place()), NamedSnapshot.nameFor(gone.id()));
    }
    return ExitStatus.OK;
  }

  /** The clone is gone, whatever comes of this. */
  private void forgetIn(String parent, String snapshot) {
    try {
      new OwnerTask(terminal, parent, opening)
          .run(
              new ControlRequest.DeleteSnapshots(List.of(snapshot)),
              reply -> true,
              owned -> {
                owned.snapshots().delete(List.of(snapshot));
                return true;
              });
      terminal.out().printf("%s keeps nothing for it any more%n", parent);
    } catch (IOException | Failure e) {
      terminal
          .err()
          .printf(
              "strata: %s may keep something for it still: strata snapshot delete %s %s (%s)%n",
              parent, parent, snapshot, e.getMessage());
    }
  }
}
