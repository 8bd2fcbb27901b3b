package io.strata.cli.files;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An open volume's files by their paths, which start at the root whether or not they begin with a
 * slash. Safe for any number of threads, as the volume itself.
 */
public final class VolumeFiles {
  private static final int DIRECTORY_MODE = 0040755;

  private final FileSystem files;
  private final Caller caller;
  private final PathResolver resolver;

  /** Files seen and made on behalf of {@code caller}, who must be able to wait. */
  public VolumeFiles(FileSystem files, Caller caller) {
    this.files = files;
    this.caller = caller;
    resolver = new PathResolver(files, caller);
  }

  /** What is at a path, symbolic links followed. */
  public Attributes find(String path) throws FsException {
    return present(resolver.resolve(path, true), path);
  }

  /** What is at a path; a symbolic link at its end is not followed. */
  public Attributes findUnfollowed(String path) throws FsException {
    return present(resolver.resolve(path, false), path);
  }

  private static Attributes present(PathResolver.Found found, String path) throws FsException {
    if (found.attributes() == null) {
      throw new FsException(Errno.ENOENT, "no such file in the volume: " + path);
    }
    return found.attributes();
  }

  /** The target of a symbolic link. */
  public String readLink(String path) throws FsException {
    return new String(files.readLink(caller, findUnfollowed(path).ino()), StandardCharsets.UTF_8);
  }

  /** A directory's entries in the volume's order, without {@code .} and {@code ..}. */
  public List<Entry> list(String path) throws FsException {
    Attributes directory = find(path);
    if (directory.type() != FileType.DIRECTORY) {
      throw new FsException(Errno.ENOTDIR, "not a directory: " + path);
    }
    List<Entry> entries = new ArrayList<>();
    long handle = files.openDirectory(caller, directory.ino());
    try {
      files.readDirectory(
          caller,
          handle,
          0,
          true,
          (name, ino, type, cookie, attributes) -> {
            if (attributes != null) {
              entries.add(new Entry(new String(name, StandardCharsets.UTF_8), attributes));
            }
            return true;
          });
    } finally {
      files.releaseDirectory(handle);
    }
    return entries;
  }

  /** Makes a directory and those above it, as far as they are missing. */
  public void makeDirectories(String path) throws FsException {
    StringBuilder so = new StringBuilder();
    for (String component : path.split("/", -1)) {
      if (component.isEmpty()) {
        continue;
      }
      so.append('/').append(component);
      PathResolver.Found found = resolver.resolve(so.toString(), true);
      if (found.attributes() == null) {
        files.make(caller, found.parent(), named(found, path), new NewNode(DIRECTORY_MODE, 0));
      }
    }
  }

  /** Makes a symbolic link. */
  public void symlink(String path, String target) throws FsException {
    PathResolver.Found found = resolver.resolve(path, false);
    files.symlink(
        caller, found.parent(), named(found, path), target.getBytes(StandardCharsets.UTF_8));
  }

  /** Gives a file another name. */
  public void link(String path, String newPath) throws FsException {
    Attributes file = findUnfollowed(path);
    PathResolver.Found found = resolver.resolve(newPath, false);
    files.link(caller, file.ino(), found.parent(), named(found, newPath));
  }

  /** Renames, replacing what has the new name. */
  public void rename(String path, String newPath) throws FsException {
    PathResolver.Found from = resolver.resolve(path, false);
    PathResolver.Found to = resolver.resolve(newPath, false);
    files.rename(
        caller,
        from.parent(),
        named(from, path),
        to.parent(),
        named(to, newPath),
        RenameMode.REPLACE);
  }

  /** Changes attributes of what is at a path, itself a symbolic link or not. */
  public void change(String path, AttributeChange change) throws FsException {
    files.change(caller, findUnfollowed(path).ino(), change, 0);
  }

  /** Opens a file for reading from its beginning. */
  public VolumeInput read(String path) throws FsException {
    Attributes file = find(path);
    if (file.type() != FileType.REGULAR) {
      throw new FsException(
          file.type() == FileType.DIRECTORY ? Errno.EISDIR : Errno.EINVAL,
          "not a regular file: " + path);
    }
    return new VolumeInput(files, caller, files.open(caller, file.ino(), OpenFlags.READ_ONLY));
  }

  /**
   * Opens a file for writing: made if it is missing, else emptied.
   *
   * @param permissions of a file that is made, 0 to 07777
   */
  public VolumeOutput write(String path, int permissions) throws FsException {
    return openOutput(path, permissions, OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE);
  }

  /** Opens a file for writing at its end: made if it is missing. */
  public VolumeOutput append(String path, int permissions) throws FsException {
    return openOutput(path, permissions, OpenFlags.WRITE_ONLY | OpenFlags.APPEND);
  }

  private VolumeOutput openOutput(String path, int permissions, int flags) throws FsException {
    PathResolver.Found found = resolver.resolve(path, true);
    Attributes there = found.attributes();
    if (there == null) {
      Opened opened =
          files.create(
              caller,
              found.parent(),
              named(found, path),
              new NewNode(0100000 | permissions, 0),
              flags);
      return new VolumeOutput(files, caller, opened.handle());
    }
    if (there.type() != FileType.REGULAR) {
      throw new FsException(Errno.EISDIR, "not a regular file: " + path);
    }
    return new VolumeOutput(files, caller, files.open(caller, there.ino(), flags));
  }

  /** Makes everything that was done durable. */
  public void sync() throws FsException {
    files.syncAll(caller);
  }

  /** How many names a file has. */
  public int links(String path) throws FsException {
    return findUnfollowed(path).links();
  }

  private static FileName named(PathResolver.Found found, String path) throws FsException {
    if (found.name() == null) {
      throw new FsException(Errno.EEXIST, "a directory that is there already: " + path);
    }
    return found.name();
  }
}
