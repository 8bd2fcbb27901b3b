package io.strata.cli.command;

import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.daemon.VolumeRequest;
import io.strata.cli.mounting.BackgroundStart;
import io.strata.cli.mounting.DaemonLog;
import io.strata.cli.mounting.MountPlace;
import io.strata.cli.mounting.MountRequest;
import io.strata.cli.mounting.MountService;
import io.strata.cli.option.AtOption;
import io.strata.cli.option.FollowOptions;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.OutageOptions;
import io.strata.cli.option.TakeoverOptions;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.volume.ScheduleReport;
import io.strata.fuse.mount.MountFlag;
import io.strata.fuse.mount.MountOptionList;
import io.strata.fuse.mount.MountOptions;
import io.strata.fuse.server.CacheMode;
import io.strata.fuse.server.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "mount",
    description =
        "Mount a volume and serve it until it is unmounted, by strata umount, umount(8), or "
            + "a signal to end (SIGTERM, SIGINT).",
    footer = {
      "  strata mount file:/srv/volumes/a /mnt",
      "  strata mount --background --flush-size=32MiB s3://bucket/home /home",
      "  strata mount --background --standby s3://bucket/home /home",
      "  strata mount --read-only --mount-options=nosuid,nodev file:/srv/volumes/a /mnt",
      "  strata mount --background --snapshots=1h:24,1d:7 s3://bucket/home /home",
      "  strata mount --at=before-upgrade s3://bucket/home /mnt/then",
      "  strata mount --follow --max-age=5s s3://bucket/home /home",
      "",
      "With /sbin/mount.strata as a link to mount.strata beside the launcher:",
      "  mount -t strata file:/srv/volumes/a /mnt -o flush_size=32MiB",
      "and as a line of /etc/fstab:",
      "  s3://bucket/home  /home  strata  _netdev,noauto,config=/etc/strata.conf  0  0"
    })
final class MountCommand implements Callable<Integer> {
  /** The option by which the process that serves in the background is told apart. */
  static final String DAEMON = "--daemon";

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "The directory to mount it on.")
  private Path directory = Path.of("");

  @Option(
      names = {"-b", "--background"},
      description = "Return when it is mounted, and serve it in a process of its own.")
  private boolean background;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      description =
          "Where the process in the background logs (default: a file for each directory in "
              + "/var/log/strata, or for other users than root in ~/.local/state/strata).")
  private @Nullable Path logFile;

  @Option(
      names = {"-r", "--read-only"},
      description =
          "Show the volume as its bucket is now and change nothing, also if somebody else "
              + "owns it.")
  private boolean readOnly;

  @Option(
      names = {"-o", "--mount-options"},
      paramLabel = "LIST",
      description =
          "Mount options with commas between them: ro, nosuid, nodev, noexec, noatime, "
              + "relatime, sync, dirsync, allow_other, nowriteback_cache, noxattr, readers=N, "
              + "attr_timeout=SECONDS, entry_timeout=SECONDS, negative_timeout=SECONDS.")
  private String mountOptions = "";

  @Option(names = DAEMON, hidden = true, description = "Be the process that --background starts.")
  private boolean daemon;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private OpeningOptions opening = new OpeningOptions();

  @Mixin private FollowOptions following = new FollowOptions();

  @Mixin private OutageOptions outage = new OutageOptions();

  @Mixin private TakeoverOptions takeover = new TakeoverOptions();

  @Option(
      names = ScheduleConverter.OPTION,
      paramLabel = ScheduleConverter.LABEL,
      converter = ScheduleConverter.class,
      description = ScheduleConverter.DESCRIPTION)
  private @Nullable ScheduleReport snapshots;

  @Mixin private AtOption at = new AtOption();

  MountCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    MountRequest request =
        new MountRequest(
            new VolumeRequest(
                VolumeUrl.normal(url),
                takeover.apply(
                    outage.apply(opening.toOptions(readOnly(), Runtime.getRuntime().maxMemory()))),
                at.given(),
                following.ageMax(),
                snapshots,
                outage.openingPatience()),
            directory,
            mountOptions());
    if (daemon) {
      return serveInBackground(request);
    }
    if (background) {
      return startInBackground(request);
    }
    return serve(
        request,
        new ForegroundEvents(
            terminal,
            "%s is mounted on %s".formatted(request.volume().url(), directory)));
  }

  private boolean readOnly() {
    return readOnly || following.follow() || at.given() != null;
  }

  private MountOptions mountOptions() {
    MountOptions options = MountOptions.of(VolumeUrl.normal(url));
    if (following.follow()) {
      // Somebody else changes it, behind this kernel's back.
      options = options.withSession(SessionOptions.of(CacheMode.AUTO));
    }
    return MountOptionList.apply(
        readOnly() ? options.with(MountFlag.READ_ONLY) : options, mountOptions);
  }

  private int serve(MountRequest request, DaemonEvents events)
      throws IOException, InterruptedException {
    RuntimeDirectory runtime = RuntimeDirectory.find(terminal.variables());
    return switch (new MountService(runtime).serve(request, events)) {
      case CLOSED -> ExitStatus.OK;
      case LOST -> ExitStatus.IN_USE;
      case ABANDONED -> ExitStatus.STORE;
    };
  }

  private int serveInBackground(MountRequest request) throws IOException, InterruptedException {
    BackgroundEvents events = new BackgroundEvents(terminal);
    try {
      return serve(request, events);
    } catch (IOException | RuntimeException e) {
      events.failed(ErrorLine.of(e));
      throw e;
    }
  }

  private int startInBackground(MountRequest request)
      throws IOException, InterruptedException, Failure {
    Path log = logFile;
    if (log == null) {
      log =
          DaemonLog.file(
              MountPlace.canonical(request.directory()),
              RuntimeDirectory.ofRoot(),
              terminal.variables());
    }
    List<String> arguments = new ArrayList<>(SameArguments.of(Objects.requireNonNull(spec)));
    arguments.add(1, DAEMON);
    BackgroundStart.Outcome outcome =
        BackgroundStart.start(
            arguments,
            log,
            said -> {
              terminal.err().println("strata: " + said);
              terminal.err().flush();
            });
    if (outcome.error() != null) {
      throw new Failure(outcome.status(), outcome.error());
    }
    return ExitStatus.OK;
  }
}
