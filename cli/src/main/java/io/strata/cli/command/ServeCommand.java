package io.strata.cli.command;

import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.daemon.VolumeRequest;
import io.strata.cli.option.FollowOptions;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.OutageOptions;
import io.strata.cli.option.TakeoverOptions;
import io.strata.cli.option.TimeConverter;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.serving.GuestSocket;
import io.strata.cli.serving.LockPolicy;
import io.strata.cli.serving.LockSettings;
import io.strata.cli.serving.ServeService;
import io.strata.cli.serving.SocketPlace;
import io.strata.cli.serving.SocketSettings;
import io.strata.cli.volume.ScheduleReport;
import io.strata.fs.continuity.StateDirectory;
import io.strata.fuse.server.CacheMode;
import io.strata.vhost.socket.SocketAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

@Command(
    name = "serve",
    description =
        "Serve a volume to virtual machines over vhost-user virtio-fs, until a signal to "
            + "end. Each socket is a device for one guest, which mounts it by its tag.",
    footer = {
      "  strata serve --volume=file:/srv/volumes/a --socket=/run/vm1.sock",
      "  strata serve --volume=s3://bucket/home --cache=never \\",
      "      --socket=/run/vm1.sock --socket=/run/vm2.sock,subdir=/vm2,readonly",
      "  strata serve --standby --volume=s3://bucket/home --socket=/run/vm1.sock",
      "",
      "and in the guest:",
      "  mount -t virtiofs strata /mnt",
      "",
      "Command lines for QEMU and others: docs/guests.md"
    })
final class ServeCommand implements Callable<Integer> {
  /** What QEMU's vhost-user.json asks a back end to say of itself. */
  private static final String CAPABILITIES = "{\"type\": \"fs\"}";

  private static final int OCTAL = 8;

  private final Terminal terminal;

  @Option(names = "--volume", paramLabel = "URL", description = "The volume.")
  private @Nullable String url;

  @Option(
      names = {"--socket-path", "--socket"},
      paramLabel = "PATH[,KEY=VALUE...]",
      description =
          "Listen here, for one guest at a time. Behind the path and commas this socket can be "
              + "told apart from others: tag=, readonly, subdir=, cache=, writeback, uid-map=, "
              + "gid-map=, queues=, as the options of these names. Again for more guests.")
  private List<String> sockets = new ArrayList<>();

  @Option(
      names = "--fd",
      paramLabel = "NUMBER",
      description = "Use a socket that was inherited as this descriptor, instead of --socket-path.")
  private @Nullable Integer descriptor;

  @Option(
      names = "--print-capabilities",
      description = "Say in JSON what kind of device this is, for libvirt and others, and end.")
  private boolean printCapabilities;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "By which the guest mounts, where its monitor takes our word (default strata).")
  private String tag = SocketSettings.DEFAULT.tag();

  @Option(names = "--readonly", description = "Let guests change nothing.")
  private boolean readOnly;

  @Option(
      names = "--subdir",
      paramLabel = "DIR",
      description = "Show guests this directory of the volume as its root.")
  private String subdirectory = "";

  @Option(
      names = "--cache",
      paramLabel = "MODE",
      description =
          "What guests may keep: never (two guests see each other's changes at once), auto "
              + "(within a second), always (for one guest alone; default auto).")
  private String cache = "auto";

  @Option(
      names = "--writeback",
      description = "Let guests hold written data back until they sync or close: for one guest.")
  private boolean writeback;

  @Option(
      names = "--locks",
      paramLabel = "WHERE",
      description =
          "Where locks of fcntl and flock are: shared (guests lock against each other), local "
              + "(in each guest), auto (shared for more than one socket; default).")
  private String locks = "auto";

  @Option(
      names = "--lock-lease",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "How long shared locks outlive a guest whose monitor has gone without a word, in case "
              + "it connects again (default 2m).")
  private Duration lockLease = LockSettings.DEFAULT.lease();

  @Option(
      names = "--uid-map",
      paramLabel = "GUEST:VOLUME:COUNT",
      description = "Users of guests are these users of the volume. Again for more.")
  private List<String> uidMap = new ArrayList<>();

  @Option(
      names = "--gid-map",
      paramLabel = "GUEST:VOLUME:COUNT",
      description = "Groups of guests are these groups of the volume. Again for more.")
  private List<String> gidMap = new ArrayList<>();

  @Option(
      names = "--queues",
      paramLabel = "NUMBER",
      description = "How many request queues a guest may use (default 1).")
  private int queues = SocketSettings.DEFAULT.queues();

  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      description = "Permissions of sockets, octal (default 600).")
  private String socketMode = Integer.toOctalString(SocketAccess.MODE_DEFAULT);

  @Option(names = "--socket-group", paramLabel = "GROUP", description = "Group of sockets.")
  private @Nullable String socketGroup;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "Where to keep what another daemon on this host needs to go on with the guests of this "
              + "one (default: a folder beside the control sockets, in /run).")
  private @Nullable Path stateDirectory;

  @Option(
      names = "--incoming",
      description =
          "A guest is about to arrive that was saved elsewhere: keep what it may have open.")
  private boolean incoming;

  /** QEMU's conventions want everything to be ignored beside {@code --print-capabilities}. */
  @Unmatched private List<String> unknown = new ArrayList<>();

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

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (printCapabilities) {
      terminal.out().println(CAPABILITIES);
      terminal.out().flush();
      return ExitStatus.OK;
    }
    if (!unknown.isEmpty()) {
      throw new Failure(
          ExitStatus.USAGE,
          "unknown argument '%s'; see strata serve --help".formatted(unknown.getFirst()));
    }
    if (url == null) {
      throw new Failure(ExitStatus.USAGE, "which volume? Name it: strata serve --volume=URL");
    }
    List<GuestSocket> guests = guests();
    if (following.follow() && guests.stream().anyMatch(ServeCommand::keepsEverything)) {
      throw new Failure(
          ExitStatus.USAGE,
          "--cache=always shows a guest what was: with --follow it is never or auto");
    }
    // What nobody may change need not be owned.
    boolean view = guests.stream().allMatch(guest -> guest.view().readOnly());
    VolumeRequest request =
        new VolumeRequest(
            VolumeUrl.normal(url),
            takeover.apply(
                outage.apply(opening.toOptions(view, Runtime.getRuntime().maxMemory()))),
            null,
            following.ageMax(),
            snapshots,
            outage.openingPatience());
    ServeService service = new ServeService(RuntimeDirectory.find(terminal.variables()));
    Path state =
        stateDirectory == null
            ? service.standardState(request.url())
            : stateDirectory.toAbsolutePath();
    VolumeRequest remembering =
        view ? request : request.withState(new StateDirectory(state, incoming));
    LockSettings locking = new LockSettings(LockPolicy.of(locks), lockLease);
    DaemonEvents events =
        new ForegroundEvents(terminal, request.url() + " is served to guests");
    return switch (service.serve(remembering, guests, locking, events)) {
      case CLOSED -> ExitStatus.OK;
      case LOST -> ExitStatus.IN_USE;
      case ABANDONED -> ExitStatus.STORE;
    };
  }

  private static boolean keepsEverything(GuestSocket guest) {
    return guest.cache() == CacheMode.ALWAYS;
  }

  private List<GuestSocket> guests() throws Failure {
    SocketSettings settings =
        new SocketSettings(
            tag,
            readOnly || following.follow(),
            subdirectory,
            SocketSettings.cacheMode(cache),
            writeback,
            uidMap,
            gidMap,
            queues,
            mode(),
            socketGroup);
    if (descriptor != null) {
      if (!sockets.isEmpty()) {
        throw new Failure(ExitStatus.USAGE, "--fd and --socket-path exclude each other");
      }
      return List.of(settings.at(new SocketPlace.Inherited(descriptor)));
    }
    if (sockets.isEmpty()) {
      throw new Failure(ExitStatus.USAGE, "where? Name a socket: --socket-path=PATH");
    }
    return sockets.stream().map(settings::socket).toList();
  }

  private int mode() {
    try {
      return Integer.parseInt(socketMode, OCTAL);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--socket-mode " + socketMode + " is no octal number", e);
    }
  }
}
