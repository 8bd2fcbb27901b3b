package io.strata.cli.command;

import io.strata.cli.files.CopyOut;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.StateConverter;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.Output;
import io.strata.cli.volume.RecoveryList;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.FsException;
import io.strata.fs.volume.LogHistory;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "recover",
    description =
        "List the states of a volume that can be returned to, make one of them the volume again,"
            + " or copy files out of it. What the volume is before is kept as a snapshot.",
    footer = {
      "  strata recover /mnt",
      "  strata recover --log --json s3://bucket/home",
      "  strata recover --log-from=00000002/1f --log-max=50 s3://bucket/home",
      "  strata recover --to=42 s3://bucket/home",
      "  strata recover --to=2026-01-31T12:00:00Z --path=/me/thesis --into=/tmp/thesis /mnt"
    })
final class RecoverCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Option(
      names = "--log",
      description = "List the log entries between the checkpoints too: a request each.")
  private boolean log;

  @Option(
      names = "--log-from",
      paramLabel = "ENTRY",
      description =
          "List log entries from this one on; what is behind a head begins where the list of heads"
              + " says.")
  private @Nullable String logFrom;

  @Option(
      names = "--log-max",
      paramLabel = "N",
      description = "List so many log entries at most, and tell where to go on (default 1000).")
  private int logMax = 1000;

  @Option(
      names = "--to",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description =
          "Return to a snapshot, a head, a log entry (00000002/1f) or a time. With --path the"
              + " volume stays as it is.")
  private @Nullable StatePoint to;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Only copy a file or a directory of that state.")
  private @Nullable String path;

  @Option(
      names = "--into",
      paramLabel = "LOCAL",
      description = "Where the copy is to be; a file that is there is replaced.")
  private @Nullable Path into;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private OpeningOptions opening = new OpeningOptions();

  RecoverCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, FsException, Failure {
    StatePoint state = to;
    String only = path;
    Path local = into;
    if (logMax < 1) {
      throw new Failure(ExitStatus.USAGE, "--log-max is at least 1");
    }
    if ((only == null) != (local == null) || (only != null && state == null)) {
      throw new Failure(
          ExitStatus.USAGE, "--path and --into go together, and with --to that says of when");
    }
    if (state == null) {
      list();
    } else if (only == null || local == null) {
      new RollbackTask(terminal, new OwnerTask(terminal, volume.given(), opening)).run(state, json.given());
    } else {
      String url = new RunningVolumes(terminal).url(volume.given());
      try (VolumeSession session = VolumeSession.view(url, state)) {
        new CopyOut(session.files(), true).copy(only, local);
      }
    }
    return ExitStatus.OK;
  }

  private LogPosition from() throws Failure {
    if (logFrom == null) {
      return LogPosition.start(new Epoch(1));
    }
    if (StatePoint.parse(logFrom) instanceof StatePoint.Entry(LogPosition position)) {
      return position;
    }
    throw new Failure(ExitStatus.USAGE, "'%s' is no log entry, such as 00000002/1f".formatted(logFrom));
  }

  private void list() throws IOException, Failure {
    String url = new RunningVolumes(terminal).url(volume.given());
    List<LogHistory.Point> entries = new ArrayList<>();
    if (log || logFrom != null) {
      Platform platform = SystemPlatform.create();
      try (StoreConnection connection =
          StoreConnection.open(url, VolumeSession.PATIENCE, platform)) {
        LogHistory.read(
            connection.store(),
            OpenOptions.DEFAULT,
            platform,
            from(),
            entry -> entries.add(entry) && entries.size() <= logMax);
      }
    }
    LogPosition next =
        entries.size() > logMax ? entries.removeLast().position() : null;
    Output.print(
        RecoveryList.of(VolumeHistory.read(url).newest(), entries, next), json.given(), terminal.out());
  }
}
