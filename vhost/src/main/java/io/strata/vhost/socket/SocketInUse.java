package io.strata.vhost.socket;

import java.io.IOException;
import java.nio.file.Path;

/** Another process listens on a socket's path. */
public final class SocketInUse extends IOException {
  private static final long serialVersionUID = 1L;

  SocketInUse(Path path) {
    super(path + " is served by another process");
  }
}
