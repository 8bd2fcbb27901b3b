package io.strata.cli.daemon;

import io.strata.cli.control.ControlHandler;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.ControlServer;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.output.JsonValue;
import io.strata.cli.volume.VolumeSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
   * @param places where it will be used
   * @param events learn when it can be, and what is waited for until then
   */
  public VolumeDaemon.End serve(
      VolumeRequest request, List<Path> places, Exporter exporter, DaemonEvents events)
      throws IOException, InterruptedException {
    runtime.prepare();
    if (!request.opening().lease().standby()) {
      awaitPredecessor(request);
      return serve(request, exporter, new Stop(), events);
    }
    StandbyDaemon standby = new StandbyDaemon(request.url(), places, events);
    Stop stop = new Stop();
    stop.begins(standby);
    try (ControlServer control = ControlServer.start(runtime, stop)) {
      stop.control = control;
      return serve(request, exporter, stop, events);
    } finally {
      standby.ended();
      stop.ends();
    }
  }

  private VolumeDaemon.End serve(
      VolumeRequest request, Exporter exporter, Stop stop, DaemonEvents events)
      throws IOException, InterruptedException {
    StandbyDaemon standby = stop.standby;
    VolumeSession session;
    try {
      session =
          VolumeSession.serving(
              request.url(),
              request.opening(),
              request.at(),
              request.followAgeMax(),
              request.openingPatience(),
              standby == null ? events : standby);
    } catch (InterruptedIOException e) {
      if (standby != null && standby.isToEnd()) {
        return VolumeDaemon.End.CLOSED;
      }
      throw e;
    }
    if (standby != null && standby.isToEnd()) {
      session.close();
      return VolumeDaemon.End.CLOSED;
    }
    VolumeDaemon daemon;
    try {
      daemon =
          new VolumeDaemon(
              request.url(), session, exporter.export(session), request.snapshots());
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
    stop.begins(daemon);
    if (standby != null) {
      events.ready();
      return daemon.serve();
    }
    try (ControlServer control = ControlServer.start(runtime, daemon)) {
      stop.control = control;
      events.ready();
      return daemon.serve();
    }
  }

  /**
   * What this process is, to whoever asks or signals: first a standby, perhaps, then a daemon. On a
   * signal it may end only when nothing is left behind, and has then done well.
   */
  private static final class Stop implements Runnable, ControlHandler {
    private volatile @Nullable StandbyDaemon standby;
    private final CompletableFuture<@Nullable VolumeDaemon> daemon = new CompletableFuture<>();
    private volatile @Nullable ControlServer control;
    private boolean hooked;

    void begins(StandbyDaemon now) {
      standby = now;
      hook();
    }

    void begins(VolumeDaemon now) {
      daemon.complete(now);
      hook();
    }

    /** There will be no daemon, unless there is one. */
    void ends() {
      daemon.complete(null);
    }

    private void hook() {
      if (!hooked) {
        hooked = true;
        Runtime.getRuntime()
            .addShutdownHook(Thread.ofPlatform().name("strata-stop").unstarted(this));
      }
    }

    @Override
    public JsonValue answer(ControlRequest request) throws Exception {
      VolumeDaemon serving = daemon.getNow(null);
      ControlHandler now = serving != null ? serving : standby;
      if (now == null) {
        throw new IOException("this process is about to begin");
      }
      return now.answer(request);
    }

    @Override
    public void run() {
      if (isStopped()) {
        ControlServer there = control;
        if (there != null) {
          there.close();
        }
        Runtime.getRuntime().halt(0);
      }
    }

    private boolean isStopped() {
      StandbyDaemon waiting = standby;
      try {
        if (waiting != null && !daemon.isDone() && waiting.stop()) {
          return true;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      // It may have become the owner just now, and is about to offer the volume.
      VolumeDaemon serving = daemon.join();
      return serving != null && serving.stop();
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
