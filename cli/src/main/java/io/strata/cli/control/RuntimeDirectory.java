package io.strata.cli.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where the sockets of this user's daemons are: {@code STRATA_RUNTIME_DIR} if set, {@code
 * /run/strata} for root, {@code $XDG_RUNTIME_DIR/strata}, or else {@code /tmp/strata-UID}. Nobody
 * else may enter it.
 *
 * @param path the directory
 */
public record RuntimeDirectory(Path path) {
  /** The one that belongs to the user and the environment of this process. */
  public static RuntimeDirectory find(Map<String, String> variables) throws IOException {
    String named = variables.get("STRATA_RUNTIME_DIR");
    if (named != null && !named.isEmpty()) {
      return new RuntimeDirectory(Path.of(named).toAbsolutePath());
    }
    if (ofRoot()) {
      return new RuntimeDirectory(Path.of("/run/strata"));
    }
    String session = variables.get("XDG_RUNTIME_DIR");
    if (session != null && !session.isEmpty()) {
      return new RuntimeDirectory(Path.of(session, "strata"));
    }
    return new RuntimeDirectory(Path.of("/tmp", "strata-" + uid(Path.of("/proc/self"))));
  }

  /** Whether this process is root's. */
  public static boolean ofRoot() throws IOException {
    return uid(Path.of("/proc/self")) == 0;
  }

  /** Makes it if it is not there, and checks that it is ours alone. */
  public void prepare() throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(path.getParent());
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (uid(path) != uid(Path.of("/proc/self"))) {
      throw new IOException(
          path
              + " belongs to another user: remove it, or set STRATA_RUNTIME_DIR to a folder of"
              + " yours");
    }
  }

  private static int uid(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
