package io.strata.cli.files;

import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a path from the root as path_resolution(7) says: symbolic links are followed, {@code ..}
 * leads to the parent, and {@code /} in a link's target is the volume's root.
 */
final class PathResolver {
  /** As many as Linux follows. */
  private static final int LINKS_MAX = 40;

  private final FileSystem files;
  private final Caller caller;

  PathResolver(FileSystem files, Caller caller) {
    this.files = files;
    this.caller = caller;
  }

  /**
   * Where a path ends.
   *
   * @param parent the directory that its last component is in
   * @param name that component; null for the root
   * @param attributes of what is there; null if nothing is
   */
  record Found(Ino parent, @Nullable FileName name, @Nullable Attributes attributes) {}

  /**
   * Resolves a path.
   *
   * @param followLast whether a symbolic link at its end is followed too
   * @throws FsException if a component before the last is missing or no directory
   */
  Found resolve(String path, boolean followLast) throws FsException {
    Deque<String> rest = new ArrayDeque<>(components(path));
    Attributes root = files.attributes(caller, Ino.ROOT);
    Found at = new Found(Ino.ROOT, null, root);
    int links = 0;
    while (!rest.isEmpty()) {
      String component = rest.pop();
      Attributes directory = at.attributes();
      if (directory == null) {
        throw new FsException(Errno.ENOENT, "no such directory: " + at.name() + " in " + path);
      }
      if (directory.type() != FileType.DIRECTORY) {
        throw new FsException(Errno.ENOTDIR, "not a directory: " + at.name() + " in " + path);
      }
      if (component.equals("..")) {
        at = new Found(Ino.ROOT, null, files.parent(caller, directory.ino()));
        continue;
      }
      FileName name = name(component);
      Attributes found = lookup(directory.ino(), name);
      if (found == null || found.type() != FileType.SYMLINK || (rest.isEmpty() && !followLast)) {
        at = new Found(directory.ino(), name, found);
        continue;
      }
      if (++links > LINKS_MAX) {
        throw new FsException(Errno.ELOOP, "too many symbolic links in " + path);
      }
      String target = new String(files.readLink(caller, found.ino()), StandardCharsets.UTF_8);
      at = new Found(Ino.ROOT, null, target.startsWith("/") ? root : directory);
      components(target).reversed().forEach(rest::push);
    }
    return at;
  }

  private @Nullable Attributes lookup(Ino directory, FileName name) throws FsException {
    try {
      return files.lookup(caller, directory, name);
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  private static FileName name(String component) throws FsException {
    byte[] bytes = component.getBytes(StandardCharsets.UTF_8);
    if (!FileName.valid(bytes)) {
      throw new FsException(Errno.ENAMETOOLONG, "no file can have the name " + component);
    }
    return FileName.of(bytes);
  }

  private static List<String> components(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(component -> !component.isEmpty() && !component.equals("."))
        .toList();
  }
}
