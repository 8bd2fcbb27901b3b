package io.strata.cli.mounting;

import io.strata.cli.control.ControlServer;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.volume.VolumeSession;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.MountException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Mounts one volume and serves it to its end. Everything that can be found wrong without the volume
 * is found before it is opened.
 *
 * @param runtime where the control socket is to be
 */
public record MountService(RuntimeDirectory runtime) {
  /** A daemon whose mount was taken away a moment ago may not have noticed. */
  private static final Duration NOTICE_MAX = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(20);

  /**
   * Returns when the volume is closed.
   *
   * @param ready is run when it is mounted
   */
  public MountDaemon.End serve(MountRequest request, Runnable ready)
      throws IOException, InterruptedException {
    runtime.prepare();
    checkDirectory(request.directory());
    if (!request.opening().readOnly()) {
      awaitPredecessor(request);
    }
    VolumeSession session =
        VolumeSession.open(request.url(), request.opening(), request.storeTimeout());
    MountDaemon daemon;
    try {
      FuseMount mount =
          FuseMount.mount(
              session.volume().fileSystem(),
              request.directory(),
              request.mounting(),
              session.platform());
      daemon = new MountDaemon(request.url(), session, mount);
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
    Thread stopper = Thread.ofPlatform().name("strata-stop").unstarted(new Stop(daemon));
    Runtime.getRuntime().addShutdownHook(stopper);
    ControlServer control = ControlServer.start(runtime, daemon);
    try {
      ready.run();
      return daemon.serve();
    } finally {
      control.close();
    }
  }

  /** On a signal the process may end only when the volume is closed, and has then done well. */
  private record Stop(MountDaemon daemon) implements Runnable {
    @Override
    public void run() {
      if (daemon.stop()) {
        Runtime.getRuntime().halt(0);
      }
    }
  }

  private void checkDirectory(Path directory) throws IOException {
    Path place = MountPlace.canonical(directory);
    Optional<DaemonIdentity> there = new Daemons(runtime).ofDirectory(place);
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

  /** Waits for a daemon of this volume that is mounted no more and still closes it. */
  private void awaitPredecessor(MountRequest request) throws IOException, InterruptedException {
    Daemons daemons = new Daemons(runtime);
    long noticeMillis = NOTICE_MAX.toMillis();
    while (true) {
      Optional<DaemonIdentity> daemon = daemons.ofVolume(request.url());
      if (daemon.isEmpty()) {
        return;
      }
      if (!daemon.get().closing()) {
        if (noticeMillis <= 0 && request.opening().takeOver()) {
          return;
        }
        if (noticeMillis <= 0) {
          throw new VolumeInUse(daemon.get());
        }
        noticeMillis -= POLL.toMillis();
      }
      Thread.sleep(POLL);
    }
  }
}
