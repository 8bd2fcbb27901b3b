package io.strata.cli.serving;

import io.strata.cli.volume.VolumeSession;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.continuity.Clients;
import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.LockTable;
import io.strata.fs.view.ReachableInodes;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.vhost.fs.FsSessions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The FUSE sessions of whoever is the guest of a socket, one after another: the guest goes on when
 * another process takes the place of this one.
 */
final class GuestSessions implements FsSessions {
  private static final Logger LOG = LoggerFactory.getLogger(GuestSessions.class);

  private final VolumeSession volume;
  private final SessionOptions options;
  private final ReachableInodes reachable;
  private final FileSystem files;
  private final @Nullable GuestLocks locks;
  private final Clients clients;
  private final String name;

  /**
   * Sessions of a volume. What the guest holds already, it holds from here on.
   *
   * @param table of all its guests' locks; null if each keeps its own
   * @param lease how long locks outlive the front end
   * @throws IOException if the directory that the guest is to see is not there, or what is
   *     remembered of the guest cannot be read
   */
  GuestSessions(
      VolumeSession volume, GuestSocket socket, @Nullable LockTable table, Duration lease)
      throws IOException {
    this.volume = volume;
    this.clients = volume.volume().clients();
    this.name = socket.name();
    this.options = SessionOptions.of(socket.cache()).withWritebackCache(socket.writeback());
    this.locks =
        table == null
            ? null
            : new GuestLocks(
                table, clients.companion(name, "locks"), lease, volume.platform().clock());
    this.reachable = reachable(socket.view().isPart());
    try {
      this.files =
          socket.view().of(volume.volume().fileSystem(), volume.volume().past(), reachable);
    } catch (FsException e) {
      throw new IOException(
          "directory %s of the volume: %s".formatted(socket.view().directory(), e.getMessage()), e);
    }
  }

  private ReachableInodes reachable(boolean matters) throws IOException {
    Optional<Path> file = matters ? clients.companion(name, "inodes") : Optional.empty();
    return file.isPresent() ? ReachableInodes.in(file.get()) : ReachableInodes.inMemory();
  }

  @Override
  public FuseSession fresh() {
    reachable.clear();
    return session(locks == null ? null : locks.fresh());
  }

  @Override
  public FuseSession resumed() {
    FuseSession session = session(locks == null ? null : locks.current());
    if (!session.initialized().isDone()) {
      // Nobody goes on: what was left behind is nobody's.
      reachable.clear();
      session.forgetLocks();
    }
    return session;
  }

  private FuseSession session(@Nullable LockSession held) {
    return FuseSession.lasting(files, options, volume.platform(), null, held, clients, name);
  }

  @Override
  public void attached() {
    if (locks != null) {
      locks.attached();
    }
  }

  @Override
  public void detached() {
    if (locks != null) {
      locks.detached();
    }
  }

  @Override
  public byte[] save(FuseSession session) {
    byte[] held = locks == null ? new byte[0] : locks.current().save();
    return new GuestState(session.save(), held, reachable.save()).encode();
  }

  @Override
  public FuseSession load(byte[] bytes) throws IOException {
    GuestState state = GuestState.decode(bytes);
    if (state.client().length > 0) {
      clients.receive(name, state.client());
    }
    reachable.clear();
    reachable.restore(state.inodes());
    if (locks != null) {
      int lost = state.locks().length == 0 ? 0 : locks.fresh().restore(state.locks());
      if (lost > 0) {
        LOG.error("{}: {} locks of this guest are held by others here", name, lost);
      }
    }
    return session(locks == null ? null : locks.current());
  }
}
