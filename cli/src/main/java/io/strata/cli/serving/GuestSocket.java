package io.strata.cli.serving;

import io.strata.fs.view.View;
import io.strata.fuse.server.CacheMode;
import io.strata.vhost.fs.FsConfig;
import io.strata.vhost.socket.SocketAccess;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A device for one guest at a time, and what that sees of the volume.
 *
 * @param place where its front end connects
 * @param config what the guest's driver is told
 * @param view what it sees
 * @param cache what its kernel may keep
 * @param writeback whether its kernel may hold written data back
 * @param access who may connect; for a path only
 */
public record GuestSocket(
    SocketPlace place,
    FsConfig config,
    View view,
    CacheMode cache,
    boolean writeback,
    SocketAccess access) {
  public GuestSocket {
    if (writeback && cache == CacheMode.NEVER) {
      throw new IllegalArgumentException(
          "--writeback has the guest hold data back, which --cache=never forbids");
    }
  }

  /** Where it is in the file system; nothing if it was inherited. */
  Stream<Path> path() {
    return switch (place) {
      case SocketPlace.At at -> Stream.of(at.path());
      case SocketPlace.Inherited inherited -> Stream.of();
    };
  }

  /** What its guest is known by from one process to the next. */
  String name() {
    return switch (place) {
      case SocketPlace.At at -> at.path().toAbsolutePath().normalize().toString();
      case SocketPlace.Inherited inherited -> "descriptor " + inherited.descriptor();
    };
  }
}
