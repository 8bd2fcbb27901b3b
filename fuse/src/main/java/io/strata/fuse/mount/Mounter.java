package io.strata.fuse.mount;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mounts;
import java.io.IOException;
import java.nio.file.Path;

/** A way to mount and unmount, which depends on who one is. */
sealed interface Mounter permits DirectMounter, HelperMounter {
  /** What shows in mount tables: {@code fuse} with a subtype. */
  String TYPE = "fuse.strata";

  /** Mounts and returns the connection's first descriptor. */
  Descriptor mount(Path point, MountOptions options) throws IOException;

  /** Unmounts what is at a mount point. */
  void unmount(Path point, Unmount how) throws IOException;

  /** What this process can do. */
  static Mounter ofThisProcess() {
    return Mounts.effectiveUid() == 0 ? new DirectMounter() : new HelperMounter();
  }
}
