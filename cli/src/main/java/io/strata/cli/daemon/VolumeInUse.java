package io.strata.cli.daemon;

import io.strata.cli.control.DaemonIdentity;
import java.io.IOException;

/** Another daemon of this machine and user has the volume. */
public final class VolumeInUse extends IOException {
  private static final long serialVersionUID = 1L;

  VolumeInUse(DaemonIdentity daemon) {
    super(
        "%s is served on %s by process %d: end that (strata umount %s), or use --take-over"
            .formatted(
                daemon.url(),
                daemon.placesText(),
                daemon.pid(),
                daemon.places().isEmpty() ? daemon.url() : daemon.places().getFirst()));
  }
}
