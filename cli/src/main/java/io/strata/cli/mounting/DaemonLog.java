package io.strata.cli.mounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where a daemon in the background logs if nothing else is said: a file for each directory. */
public final class DaemonLog {
  private DaemonLog() {}

  /**
   * The file for a directory.
   *
   * @param directory in canonical form
   * @param root whether root runs the daemon
   * @param variables the environment
   */
  public static Path file(Path directory, boolean root, Map<String, String> variables)
      throws IOException {
    String name = directory.toString().replace('/', '-').replaceFirst("^-", "") + ".log";
    if (root) {
      return Path.of("/var/log/strata", name);
    }
    String state = variables.get("XDG_STATE_HOME");
    if (state != null && !state.isEmpty()) {
      return Path.of(state, "strata", name);
    }
    String home = variables.get("HOME");
    if (home == null || home.isEmpty()) {
      throw new IOException("HOME is not set: say with --log-file where to log");
    }
    return Path.of(home, ".local/state/strata", name);
  }
}
