package io.strata.fsck.names;

import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.Printable;
import io.strata.fsck.tree.VolumeView;
import io.strata.store.StoreException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds paths of a few inodes, by reading the directories above them and no others.
 *
 * <p>Of an inode with several names any one is told.
 */
final class Paths {
  /** Paths with more components than this are cut on the left. */
  private static final int DEPTH_MAX = 200;

  private static final Logger LOG = LoggerFactory.getLogger(Paths.class);

  private final InodeTable table;
  private final VolumeView view;
  private final Map<Long, String> names = new HashMap<>();

  Paths(InodeTable table, VolumeView view) {
    this.table = table;
    this.view = view;
  }

  /** The paths of {@code inos}; those without one are left out. */
  Map<Long, String> of(Collection<Long> inos) throws StoreException, InterruptedException {
    SortedSet<Long> directories = new TreeSet<>();
    SortedSet<Long> needed = new TreeSet<>();
    for (long ino : inos) {
      long at = ino;
      for (int depth = 0; depth < DEPTH_MAX && needed.add(at); depth++) {
        long parent = parent(at);
        if (parent == 0) {
          break;
        }
        directories.add(parent);
        at = parent;
      }
    }
    for (long directory : directories) {
      readNames(directory, needed);
    }
    Map<Long, String> paths = new HashMap<>();
    for (long ino : inos) {
      String path = path(ino);
      if (path != null) {
        paths.put(ino, path);
      }
    }
    return paths;
  }

  /** The directory that names an inode; 0 for the root and if there is none. */
  private long parent(long ino) {
    long slot = ino == Ino.ROOT.value() ? -1 : table.find(ino);
    return slot >= 0 && table.names(slot) > 0 ? table.parent(slot) : 0;
  }

  private void readNames(long directory, SortedSet<Long> needed)
      throws StoreException, InterruptedException {
    view.scan(
        KeyRange.of(TreeKeys.dentries(new Ino(directory))),
        (key, value) -> {
          try {
            if (Mutation.ofEntry(key, value)
                    instanceof Mutation.DentryPut(Ino holder, FileName name, Dentry entry)
                && needed.contains(entry.child().value())
                && parent(entry.child().value()) == directory) {
              names.putIfAbsent(entry.child().value(), Printable.text(name.toBytes()));
            }
          } catch (MalformedRecord told) {
            LOG.debug("left out of paths: {}", told.getMessage()); // it is a finding already
          }
        });
  }

  private @Nullable String path(long ino) {
    StringBuilder path = new StringBuilder();
    Set<Long> above = new HashSet<>();
    long at = ino;
    for (int depth = 0; at != Ino.ROOT.value(); depth++) {
      String name = names.get(at);
      if (name == null || !above.add(at)) {
        return null; // a directory above has no name, or they make a ring
      }
      path.insert(0, "/" + name);
      if (depth == DEPTH_MAX) {
        return "…" + path;
      }
      at = parent(at);
    }
    return path.isEmpty() ? "/" : path.toString();
  }
}
