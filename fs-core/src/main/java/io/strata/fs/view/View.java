package io.strata.fs.view;

import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.PastStates;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;

/**
 * What a guest is to see of a volume.
 *
 * @param readOnly whether it can change nothing
 * @param directory path from the volume's root of the directory that is to be its root; empty or
 *     {@code /} for the volume's own
 * @param uids which users of it are which of the volume
 * @param gids the same of groups
 */
public record View(boolean readOnly, String directory, IdMap uids, IdMap gids) {
  /** The whole volume as it is. */
  public static final View WHOLE = new View(false, "", IdMap.SAME, IdMap.SAME);

  /** Whether it is the whole volume as it is. */
  public boolean isWhole() {
    return equals(WHOLE);
  }

  /** Whether a guest sees a part of the volume only, so that what it knows has to be remembered. */
  public boolean isPart() {
    return !directory.chars().allMatch(letter -> letter == '/');
  }

  /**
   * A volume's files as one session sees them.
   *
   * @param past its snapshots, which are seen in {@code .snapshots} of the root
   * @param reachable what the session's kernel knows already if {@link #isPart}; otherwise unused
   * @throws FsException ENOENT or ENOTDIR if the directory is not there; symbolic links are not
   *     followed
   */
  public FileSystem of(FileSystem volume, PastStates past, ReachableInodes reachable)
      throws FsException {
    FileSystem view = readOnly ? new ReadOnlyView(volume) : volume;
    Ino top = isPart() ? find(volume) : Ino.ROOT;
    if (!past.equals(PastStates.NONE)) {
      view = new PastView(view, top, past);
    }
    if (!top.equals(Ino.ROOT)) {
      view = new SubtreeView(view, top, reachable);
    }
    if (!uids.isSame() || !gids.isSame()) {
      view = new IdMappedView(view, uids, gids);
    }
    return view;
  }

  private Ino find(FileSystem volume) throws FsException {
    Ino at = Ino.ROOT;
    for (String name : directory.split("/+", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      Attributes next = volume.lookup(Caller.ROOT, at, name(name));
      if (next.type() != FileType.DIRECTORY) {
        throw new FsException(
            Errno.ENOTDIR, "%s of %s is no directory".formatted(name, directory));
      }
      at = next.ino();
    }
    return at;
  }

  private FileName name(String name) throws FsException {
    try {
      return FileName.of(name);
    } catch (IllegalArgumentException e) {
      throw new FsException(
          Errno.EINVAL, "%s has an impossible part: %s".formatted(directory, e.getMessage()), e);
    }
  }
}
