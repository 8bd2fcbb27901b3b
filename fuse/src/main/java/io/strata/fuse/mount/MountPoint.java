package io.strata.fuse.mount;

import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where to mount: looked at without touching a mount whose daemon is dead. */
final class MountPoint {
  private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);

  private MountPoint() {}

  /**
   * The directory by the name that mount tables know it by: links are followed, except that the
   * last component is not looked into.
   */
  static Path canonical(Path directory) throws MountException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      return absolute;
    }
    try {
      Path inParent = parent.toRealPath().resolve(name);
      return Files.isSymbolicLink(inParent) ? inParent.toRealPath() : inParent;
    } catch (IOException e) {
      throw new MountException("mount point " + directory + " does not exist: create it", e);
    }
  }

  /** What of ours is mounted at a canonical place. */
  static Optional<MountTable.Entry> ours(Path point) throws IOException {
    return MountTable.read().at(point).filter(entry -> entry.type().equals(Mounter.TYPE));
  }

  /**
   * Checks that one can mount at a canonical place, once what a dead daemon of ours may have left
   * there is taken away. Changes nothing.
   */
  static void check(Path point) throws IOException {
    Optional<MountTable.Entry> there = ours(point);
    if (there.isEmpty()) {
      checkDirectory(point);
    } else if (Mounts.probe(point.toString()) != Errors.ENOTCONN) {
      throw new MountException(
          "%s has %s mounted: unmount it first".formatted(point, there.get().source()));
    }
  }

  /** Checks the same and takes away what a dead daemon of ours left there. */
  static void prepare(Path point, Mounter mounter) throws IOException {
    check(point);
    if (ours(point).isPresent()) {
      LOG.info("{} is left from a daemon that died: replaced", point);
      mounter.unmount(point, Unmount.DETACH);
      checkDirectory(point);
    }
  }

  private static void checkDirectory(Path point) throws MountException {
    int errno = Mounts.probe(point.toString());
    if (errno != 0) {
      throw new MountException(
          switch (errno) {
            case Errors.ENOENT -> "mount point " + point + " does not exist: create it";
            case Errors.ENOTDIR -> "mount point " + point + " is not a directory";
            case Errors.ENOTCONN ->
                point + " is a dead mount of another filesystem: unmount it first";
            default -> "mount point " + point + ": " + Errors.text(errno);
          });
    }
  }
}
