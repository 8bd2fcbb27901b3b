package io.strata.vhost.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to a socket in the filesystem: whoever may write it.
 *
 * @param mode its permissions, at most 0777
 * @param group its group, by name; null for the one that this process makes files with
 */
public record SocketAccess(int mode, @Nullable String group) {
  /** The user of this process alone. */
  public static final int MODE_DEFAULT = 0600;

  private static final int MODE_MAX = 0777;

  public SocketAccess {
    if (mode < 0 || mode > MODE_MAX) {
      throw new IllegalArgumentException("socket mode 0" + Integer.toOctalString(mode));
    }
  }

  void apply(Path socket) throws IOException {
    if (group != null) {
      GroupPrincipal principal =
          socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      Files.getFileAttributeView(socket, PosixFileAttributeView.class).setGroup(principal);
    }
    Files.setAttribute(socket, "unix:mode", mode);
  }
}
