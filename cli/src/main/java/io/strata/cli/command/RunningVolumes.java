package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.mounting.MountPlace;
import io.strata.cli.option.VolumeUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the daemon that a directory, a socket or a URL on the command line means. */
final class RunningVolumes {
  private final Terminal terminal;

  RunningVolumes(Terminal terminal) {
    this.terminal = terminal;
  }

  private Daemons daemons() throws IOException {
    return new Daemons(RuntimeDirectory.find(terminal.variables()));
  }

  /** The URL of a volume that is named by it or by where it is mounted. */
  String url(String volume) throws IOException, Failure {
    return VolumeUrl.isUrl(volume) ? VolumeUrl.normal(volume) : find(volume).url();
  }

  /** Connects to the daemon of a volume. */
  ControlClient connect(String volume) throws IOException, Failure {
    return daemons().connect(find(volume));
  }

  /** Connects to the daemon of a volume that may change it, if one of this user's has it. */
  Optional<ControlClient> connectToOwner(String volume) throws IOException, Failure {
    if (!VolumeUrl.isUrl(volume)) {
      return Optional.of(connect(volume));
    }
    Optional<DaemonIdentity> daemon = daemons().ownerOf(VolumeUrl.normal(volume));
    return daemon.isEmpty() ? Optional.empty() : Optional.of(daemons().connect(daemon.get()));
  }

  /** The daemon of a directory or a socket, if it is one of this user's. */
  Optional<DaemonIdentity> at(Path place) throws IOException {
    return daemons().at(MountPlace.canonical(place));
  }

  private DaemonIdentity find(String volume) throws IOException, Failure {
    if (VolumeUrl.isUrl(volume)) {
      String url = VolumeUrl.normal(volume);
      return daemons()
          .ofVolume(url)
          .orElseThrow(
              () ->
                  new Failure(
                      ExitStatus.FAILED,
                      url
                          + " is not mounted here by this user, nor served: mount it, or see strata info "
                          + url));
    }
    return at(Path.of(volume))
        .orElseThrow(
            () ->
                new Failure(
                    ExitStatus.FAILED,
                    "no daemon of this user serves "
                        + volume
                        + ": name the directory that a volume is mounted on, the socket that it is"
                        + " served on, or its URL"));
  }
}
