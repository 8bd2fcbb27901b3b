package io.strata.cli.mounting;

import io.strata.cli.control.DaemonIdentity;
import java.io.IOException;

/** Another daemon of this machine and user has the volume. */
public final class VolumeInUse extends IOException {
  private static final long serialVersionUID = 1L;

  VolumeInUse(DaemonIdentity daemon) {
    super(
        "%s is mounted on %s by process %d: unmount it there (strata umount %s), or use --take-over"
            .formatted(daemon.url(), daemon.directory(), daemon.pid(), daemon.directory()));
  }
}
