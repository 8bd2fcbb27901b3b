package io.strata.cli.serving;

import io.strata.cli.volume.VolumeSession;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.view.ReachableInodes;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.vhost.fs.FsSessions;
import java.io.IOException;

/** The FUSE sessions of whoever is the guest of a socket, one after another. */
final class GuestSessions implements FsSessions {
  private final VolumeSession volume;
  private final SessionOptions options;
  private final ReachableInodes reachable = ReachableInodes.inMemory();
  private final FileSystem files;

  /**
   * Sessions of a volume.
   *
   * @throws IOException if the directory that the guest is to see is not there
   */
  GuestSessions(VolumeSession volume, GuestSocket socket) throws IOException {
    this.volume = volume;
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
    return resumed();
  }

  @Override
  public FuseSession resumed() {
    return new FuseSession(files, options, volume.platform(), null);
  }

  @Override
  public byte[] save(FuseSession session) throws IOException {
    throw new IOException("nothing is remembered of this guest that could be moved");
  }

  @Override
  public FuseSession load(byte[] state) throws IOException {
    throw new IOException("nothing is remembered of guests here");
  }
}
