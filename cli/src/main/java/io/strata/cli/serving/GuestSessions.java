package io.strata.cli.serving;

import io.strata.cli.volume.VolumeSession;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.LockTable;
import io.strata.fs.continuity.Clients;
import io.strata.fs.view.ReachableInodes;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.vhost.fs.FsSessions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The FUSE sessions of whoever is the guest of a socket, one after another: the guest goes on when
 * another process takes the place of this one.
 */
final class GuestSessions implements FsSessions {
  private final VolumeSession volume;
  private final SessionOptions options;
  private final ReachableInodes reachable = ReachableInodes.inMemory();
  private final FileSystem files;
  private final @Nullable GuestLocks locks;
  private final Clients clients;
  private final String name;

  /**
   * Sessions of a volume.
   *
   * @param locks of all its guests; null if each keeps its own
   * @throws IOException if the directory that the guest is to see is not there
   */
  GuestSessions(VolumeSession volume, GuestSocket socket, @Nullable LockTable locks)
      throws IOException {
    this.volume = volume;
    this.locks = locks == null ? null : new GuestLocks(locks, volume.platform().clock());
    this.clients = volume.volume().clients();
    this.name = socket.name();
    this.options = SessionOptions.of(socket.cache()).withWritebackCache(socket.writeback());
    try {
      this.files = socket.view().of(volume.volume().fileSystem(), reachable);
    } catch (FsException e) {
      throw new IOException(
          "directory %s of the volume: %s".formatted(socket.view().directory(), e.getMessage()), e);
    }
  }

  @Override
  public FuseSession fresh() {
    reachable.clear();
    return session(locks == null ? null : locks.fresh());
  }

  @Override
  public FuseSession resumed() {
    return session(locks == null ? null : locks.current());
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
    return session.save();
  }

  @Override
  public FuseSession load(byte[] state) throws IOException {
    if (state.length > 0) {
      clients.receive(name, state);
    }
    return resumed();
  }
}
