package io.strata.cli.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.daemon.DaemonService;
import io.strata.cli.daemon.VolumeDaemon;
import io.strata.cli.daemon.VolumeRequest;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.locks.LockTable;
import io.strata.vhost.backend.BackEnd;
import io.strata.vhost.fs.VirtioFsDevice;
import io.strata.vhost.socket.ListeningSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Serves one volume to the guests of many sockets to its end. The sockets are there before the
 * volume is opened, and whoever connects meanwhile waits.
 *
 * @param runtime where the control socket is to be
 */
public record ServeService(RuntimeDirectory runtime) {
  /** Of the heap, for requests that are copied because they do not lie in one piece. */
  private static final int STAGING_PART = 16;

  /** No guest gets less: some requests of the largest size. */
  private static final long STAGING_BYTES_MIN = 8 << 20;

  private static final long STAGING_BYTES_MAX = 64 << 20;

  /**
   * Returns when the volume is closed.
   *
   * @param locks how guests lock
   * @param events learn when guests are served, and what is waited for until then
   */
  public VolumeDaemon.End serve(
      VolumeRequest request,
      List<GuestSocket> sockets,
      LockSettings locks,
      DaemonEvents events)
      throws IOException, InterruptedException {
    DaemonService service = new DaemonService(runtime);
    if (!request.opening().lease().standby()) {
      service.awaitPredecessor(request);
    }
    List<ListeningSocket> listening = new ArrayList<>();
    try {
      for (GuestSocket socket : sockets) {
        listening.add(listen(socket));
      }
      return service.serve(
          remembering(request),
          sockets.stream().flatMap(GuestSocket::path).toList(),
          session -> start(session, sockets, locks, listening),
          events);
    } finally {
      // Those that serve are closed already: this is for the others.
      listening.forEach(ListeningSocket::close);
    }
  }

  /** The volume is to remember its guests, so that they outlive this process. */
  private VolumeRequest remembering(VolumeRequest request) {
    if (request.opening().readOnly() || request.opening().state() != null) {
      return request;
    }
    return request.withState(new StateDirectory(standardState(request.url()), false));
  }

  /** Where a volume remembers its guests if nobody says. */
  public Path standardState(String url) {
    String key = UUID.nameUUIDFromBytes(url.getBytes(UTF_8)).toString();
    return runtime.path().resolve("guests").resolve(key);
  }

  private static ListeningSocket listen(GuestSocket socket) throws IOException {
    return switch (socket.place()) {
      case SocketPlace.At at -> ListeningSocket.on(at.path(), socket.access());
      case SocketPlace.Inherited inherited -> ListeningSocket.inherited(inherited.descriptor());
    };
  }

  private static Guests start(
      VolumeSession session,
      List<GuestSocket> sockets,
      LockSettings locks,
      List<ListeningSocket> listening)
      throws IOException {
    LockTable table = locks.policy().table(sockets.size());
    long share = Runtime.getRuntime().maxMemory() / STAGING_PART / sockets.size();
    long staging = Math.clamp(share, STAGING_BYTES_MIN, STAGING_BYTES_MAX);
    Set<String> names = new HashSet<>();
    sockets.forEach(socket -> names.add(socket.name()));
    session.volume().clients().keepOnly(names);
    List<VirtioFsDevice> devices = new ArrayList<>();
    for (GuestSocket socket : sockets) {
      devices.add(
          new VirtioFsDevice(
              socket.config(),
              new GuestSessions(session, socket, table, locks.lease()),
              staging,
              session.platform().waiting()));
    }
    List<Guests.Served> served = new ArrayList<>();
    for (int i = 0; i < sockets.size(); i++) {
      BackEnd backEnd = BackEnd.start(listening.get(i), devices.get(i));
      served.add(new Guests.Served(sockets.get(i), devices.get(i), backEnd));
    }
    return new Guests(served);
  }
}
