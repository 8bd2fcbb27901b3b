package io.strata.cli.daemon;

import io.strata.cli.control.ControlServer;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.volume.VolumeSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens one volume, offers it and serves it to its end.
 *
 * @param runtime where the control socket is to be
 */
public record DaemonService(RuntimeDirectory runtime) {
  /** A daemon whose export was taken away a moment ago may not have noticed. */
  private static final Duration NOTICE_MAX = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(20);

  /** Offers a volume that has been opened. */
  @FunctionalInterface
  public interface Exporter {
    /** Returns when it can be used. */
    Export export(VolumeSession session) throws IOException;
  }

  /**
   * Returns when the volume is closed.
   *
   * @param ready is run when it can be used
   */
  public VolumeDaemon.End serve(VolumeRequest request, Exporter exporter, Runnable ready)
      throws IOException, InterruptedException {
    awaitPredecessor(request);
    VolumeSession session =
        VolumeSession.serving(
            request.url(), request.opening(), request.at(), request.openingPatience());
    VolumeDaemon daemon;
    try {
      daemon = new VolumeDaemon(request.url(), session, exporter.export(session));
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
    Stop stop = new Stop(daemon);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("strata-stop").unstarted(stop));
    ControlServer control = ControlServer.start(runtime, daemon);
    stop.control = control;
    try {
      ready.run();
      return daemon.serve();
    } finally {
      control.close();
    }
  }

  /** On a signal the process may end only when the volume is closed, and has then done well. */
  private static final class Stop implements Runnable {
    private final VolumeDaemon daemon;
    private volatile @Nullable ControlServer control;

    Stop(VolumeDaemon daemon) {
      this.daemon = daemon;
    }

    @Override
    public void run() {
      if (daemon.stop()) {
        ControlServer there = control;
        if (there != null) {
          there.close();
        }
        Runtime.getRuntime().halt(0);
      }
    }
  }

  /**
   * Waits for a daemon of this volume that cannot be used any more and still closes it; makes sure
   * that there is a place for the control socket.
   *
   * @throws VolumeInUse if there is one that can be used, and nobody asked to take the volume over
   */
  public void awaitPredecessor(VolumeRequest request) throws IOException, InterruptedException {
    runtime.prepare();
    if (request.looksOnly()) {
      return;
    }
    Daemons daemons = new Daemons(runtime);
    long noticeMillis = NOTICE_MAX.toMillis();
    while (true) {
      Optional<DaemonIdentity> daemon = daemons.ownerOf(request.url());
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
