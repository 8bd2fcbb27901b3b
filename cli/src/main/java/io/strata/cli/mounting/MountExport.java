package io.strata.cli.mounting;

import io.strata.cli.daemon.Export;
import io.strata.fuse.mount.FuseMount;
import io.strata.fs.Replacement;
import io.strata.fuse.mount.Unmount;
import io.strata.fuse.server.SessionStats;
import io.strata.store.Epoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A mount of this machine.
 *
 * @param mount which goes by its own, too: by {@code umount(8)}
 */
record MountExport(FuseMount mount) implements Export {
  @Override
  public List<Path> places() {
    return List.of(mount.directory());
  }

  @Override
  public void await() throws InterruptedException {
    mount.await();
  }

  @Override
  public void end(boolean force) throws IOException {
    mount.unmount(force ? Unmount.ABORT : Unmount.IF_UNUSED);
  }

  @Override
  public void close() throws IOException {
    mount.close();
  }

  @Override
  public void settle() throws IOException {
    mount.settle();
  }

  @Override
  public <T> T replace(Epoch newest, Replacement<T> replacement) throws IOException {
    return mount.replace(newest, replacement);
  }

  @Override
  public List<SessionStats> sessions() {
    return List.of(mount.stats());
  }
}
