package io.strata.cli.mounting;

import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.daemon.DaemonService;
import io.strata.cli.daemon.VolumeDaemon;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.view.ReachableInodes;
import io.strata.fs.view.View;
import io.strata.fs.volume.Volume;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.MountException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Mounts one volume and serves it to its end. Everything that can be found wrong without the volume
 * is found before it is opened.
 *
 * @param runtime where the control socket is to be
 */
public record MountService(RuntimeDirectory runtime) {
  /**
   * Returns when the volume is closed.
   *
   * @param events learn when it is mounted, and what is waited for until then
   */
  public VolumeDaemon.End serve(MountRequest request, DaemonEvents events)
      throws IOException, InterruptedException {
    runtime.prepare();
    checkDirectory(request.directory());
    return new DaemonService(runtime)
        .serve(
            request.volume(),
            List.of(MountPlace.canonical(request.directory())),
            session ->
                new MountExport(
                    FuseMount.mount(
                        files(session.volume()),
                        request.directory(),
                        request.mounting(),
                        session.platform())),
            events);
  }

  private static FileSystem files(Volume volume) throws IOException {
    try {
      return View.WHOLE.of(volume.fileSystem(), volume.past(), ReachableInodes.inMemory());
    } catch (FsException e) {
      throw new IOException("the volume shows nothing: " + e.getMessage(), e);
    }
  }

  private void checkDirectory(Path directory) throws IOException {
    Path place = MountPlace.canonical(directory);
    Optional<DaemonIdentity> there = new Daemons(runtime).at(place);
    if (there.isPresent()) {
      throw new BadMountPoint(
          "%s has %s mounted (process %d): unmount it first"
              .formatted(place, there.get().url(), there.get().pid()));
    }
    try {
      FuseMount.check(place);
    } catch (MountException e) {
      throw new BadMountPoint(String.valueOf(e.getMessage()));
    }
  }
}
