package io.strata.store.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folders under a root: made when needed, and synced so that what is in them lasts.
 *
 * <p>Safe for use by any thread. Invariant: of an <i>entered</i> folder every name on its path is
 * on disk, and it is no symbolic link.
 */
final class Folders {
  private final Path root;
  private final Set<Path> entered = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<Path, Sync> syncs = new ConcurrentHashMap<>();

  Folders(Path root) {
    this.root = root;
  }

  /**
   * Makes sure that a folder exists and lasts, making it and what is above it if need be.
   *
   * @throws NotDirectoryException if something else has its name
   */
  void enterOrMake(Path folder) throws IOException {
    if (entered.contains(folder)) {
      return;
    }
    if (isBelowRoot(folder) || !Files.isDirectory(parentOf(folder))) {
      enterOrMake(parentOf(folder));
    }
    try {
      Files.createDirectory(folder);
      sync(parentOf(folder));
      entered.add(folder);
    } catch (FileAlreadyExistsException e) {
      settle(folder);
    }
  }

  /**
   * Makes what is in an existing folder last, if this is the first time that it is met.
   *
   * @throws NoSuchFileException if there is no such folder
   */
  void enter(Path folder) throws IOException {
    if (entered.contains(folder)) {
      return;
    }
    if (isBelowRoot(folder)) {
      enter(parentOf(folder));
    }
    settle(folder);
  }

  /** Forgets a folder that somebody has removed. */
  void forget(Path folder) {
    for (Path path = folder; path != null && path.startsWith(root); path = path.getParent()) {
      entered.remove(path);
    }
  }

  /**
   * Makes all changes that the caller has made in a folder last. Callers at the same time share one
   * fsync.
   */
  void sync(Path folder) throws IOException {
    syncs.computeIfAbsent(folder, Sync::new).afterChange();
  }

  /** The paths in an existing folder, in no order. */
  static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      paths.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return children;
  }

  /** Enters a folder that somebody else has made. */
  private void settle(Path folder) throws IOException {
    if (isBelowRoot(folder)) {
      if (!attributes(folder, LinkOption.NOFOLLOW_LINKS).isDirectory()) {
        throw new NotDirectoryException(folder.toString());
      }
      sync(parentOf(folder));
    } else if (!attributes(folder).isDirectory()) {
      // The root and what is above it are the user's own: symbolic links are welcome there.
      throw new NotDirectoryException(folder.toString());
    }
    sync(folder);
    entered.add(folder);
  }

  private boolean isBelowRoot(Path folder) {
    return folder.startsWith(root) && !folder.equals(root);
  }

  private static Path parentOf(Path folder) {
    return Objects.requireNonNull(folder.getParent(), "only / has no parent, and it exists");
  }

  private static BasicFileAttributes attributes(Path path, LinkOption... options)
      throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, options);
  }

  /** Group commit of one folder: an fsync serves everybody who asked before it began. */
  private static final class Sync {
    private final Path folder;
    private final AtomicLong asked = new AtomicLong();
    // Guarded by this.
    private long served;

    Sync(Path folder) {
      this.folder = folder;
    }

    void afterChange() throws IOException {
      long ticket = asked.incrementAndGet();
      synchronized (this) {
        if (served >= ticket) {
          return;
        }
        long serving = asked.get();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
        }
        served = serving;
      }
    }
  }
}
