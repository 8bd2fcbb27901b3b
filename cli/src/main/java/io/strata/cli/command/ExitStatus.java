package io.strata.cli.command;

import java.util.Map;
import java.util.TreeMap;

/** How the process ends; {@code strata fsck} has its own, those of {@code e2fsck}. */
final class ExitStatus {
  /** Done. */
  static final int OK = 0;

  /** It failed, and none of the others says why. */
  static final int FAILED = 1;

  /** The command line, a setting, the mount point or a socket is wrong; nothing was tried. */
  static final int USAGE = 2;

  /** Another daemon has the volume. */
  static final int IN_USE = 3;

  /** What the bucket holds is damaged, of a newer format, or no volume. */
  static final int NOT_READABLE = 4;

  /** The store cannot be reached or refuses. */
  static final int STORE = 5;

  /** Status and meaning, for {@code strata --help}. */
  static final Map<String, String> MEANINGS =
      new TreeMap<>(
          Map.of(
              "0", "done",
              "1", "failed",
              "2", "wrong command line, setting, mount point or socket; nothing was tried",
              "3", "another daemon has the volume",
              "4", "the bucket holds something damaged, too new, or no volume",
              "5", "the store cannot be reached, or refuses"));

  private ExitStatus() {}
}
