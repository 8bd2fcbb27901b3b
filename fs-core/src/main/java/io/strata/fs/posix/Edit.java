package io.strata.fs.posix;

import io.strata.fs.Change;
import io.strata.fs.FsException;
import io.strata.fs.Metadata;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A group of mutations in the making. Reads inodes as they will be, so that an operation may change
 * one in several steps, and puts each only once. Confined to one run of an operation.
 */
final class Edit {
  /** Links that an inode can have. */
  static final int LINKS_MAX = Integer.MAX_VALUE;

  private final Tree tree;
  private final Timestamp now;
  private final Map<Ino, Inode> inodes = new LinkedHashMap<>();
  private final List<Mutation> others = new ArrayList<>();

  Edit(Metadata metadata, Timestamp now) {
    this.tree = new Tree(metadata);
    this.now = now;
  }

  /** The metadata as they are before this edit. */
  Tree tree() {
    return tree;
  }

  Timestamp now() {
    return now;
  }

  /** An inode as this edit leaves it; ESTALE if there is none. */
  Inode inode(Ino ino) throws PageMissing, FsException {
    Inode changed = inodes.get(ino);
    return changed != null ? changed : tree.inode(ino);
  }

  void put(Ino ino, Inode inode) {
    inodes.put(ino, inode);
  }

  void delete(Ino ino) {
    inodes.remove(ino);
    others.add(new Mutation.InodeDelete(ino));
  }

  void add(Mutation mutation) {
    others.add(mutation);
  }

  /** Puts a new entry into a directory that has none of that name. */
  void addEntry(Ino parent, FileName name, Dentry entry) throws PageMissing, FsException {
    others.add(new Mutation.DentryPut(parent, name, entry));
    countEntries(parent, 1, entry.type() == FileType.DIRECTORY ? 1 : 0);
  }

  /** Lets an entry name another inode. */
  void replaceEntry(Ino parent, FileName name, Dentry from, Dentry to)
      throws PageMissing, FsException {
    others.add(new Mutation.DentryPut(parent, name, to));
    int before = from.type() == FileType.DIRECTORY ? 1 : 0;
    int after = to.type() == FileType.DIRECTORY ? 1 : 0;
    countEntries(parent, 0, after - before);
  }

  /** Takes an entry out of a directory. */
  void removeEntry(Ino parent, FileName name, Dentry entry) throws PageMissing, FsException {
    others.add(new Mutation.DentryDelete(parent, name));
    countEntries(parent, -1, entry.type() == FileType.DIRECTORY ? -1 : 0);
  }

  /** Adds to an inode's links; EMLINK if it has too many. */
  void addLinks(Ino ino, int more) throws PageMissing, FsException {
    Inode inode = inode(ino);
    put(ino, inode.withLinks(links(inode, more)).changedAt(now));
  }

  <T> Change<T> change(T result) {
    List<Mutation> group = new ArrayList<>(others.size() + inodes.size());
    inodes.forEach((ino, inode) -> group.add(new Mutation.InodePut(ino, inode)));
    group.addAll(others);
    return new Change<>(group, result);
  }

  private void countEntries(Ino directory, int entries, int subdirectories)
      throws PageMissing, FsException {
    Inode inode = inode(directory);
    put(
        directory,
        inode
            .withSize(inode.size() + entries)
            .withLinks(links(inode, subdirectories))
            .modifiedAt(now));
  }

  private static int links(Inode inode, int more) throws FsException {
    if (more > LINKS_MAX - inode.links()) {
      throw new FsException(Errno.EMLINK, "an inode has at most " + LINKS_MAX + " links");
    }
    return inode.links() + more;
  }
}
