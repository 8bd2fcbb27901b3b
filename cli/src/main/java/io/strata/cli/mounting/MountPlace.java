package io.strata.cli.mounting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Directories by the name under which the kernel and daemons know them. */
public final class MountPlace {
  private MountPlace() {}

  /**
   * The directory with all links followed, without a look at the directory itself: the daemon
   * behind it may be dead.
   */
  public static Path canonical(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      return absolute;
    }
    Path inParent;
    try {
      inParent = parent.toRealPath().resolve(name);
    } catch (NoSuchFileException absent) {
      throw new BadMountPoint("directory " + directory + " does not exist");
    }
    return Files.isSymbolicLink(inParent) ? inParent.toRealPath() : inParent;
  }
}
