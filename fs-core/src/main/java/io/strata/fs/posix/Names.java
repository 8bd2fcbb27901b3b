package io.strata.fs.posix;

import io.strata.fs.NewNode;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import java.util.Optional;

/** Finds, makes and removes names, and the inodes that come and go with them. */
final class Names {
  private final Engine engine;
  private final Orphans orphans;

  Names(Engine engine, Orphans orphans) {
    this.engine = engine;
    this.orphans = orphans;
  }

  Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    return engine.read(
        caller,
        metadata -> {
          Tree tree = new Tree(metadata);
          Dentry entry = tree.entry(parent, name);
          return Attributes.of(entry.child(), tree.child(entry));
        });
  }

  Attributes parent(Caller caller, Ino ino) throws FsException {
    return engine.read(
        caller,
        metadata -> {
          Tree tree = new Tree(metadata);
          Inode inode = tree.inode(ino);
          Ino parent = inode.parent();
          // What others tell is no more than where to look for them.
          if (parent == null || inode.type() != FileType.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR, "inode " + ino + " is no directory");
          }
          return Attributes.of(parent, tree.inode(parent));
        });
  }

  byte[] readLink(Caller caller, Ino ino) throws FsException {
    Inode inode = engine.read(caller, metadata -> new Tree(metadata).inode(ino));
    if (inode.type() != FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL, "inode " + ino + " is no symbolic link");
    }
    return inode.target().toBytes();
  }

  Attributes make(
      Caller caller, Ino ino, Ino parent, FileName name, NewNode node, ByteString target)
      throws FsException {
    return engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          if (edit.tree().find(parent, name) != null) {
            throw taken(parent, name);
          }
          Inode inode = NewInode.named(edit, caller, ino, parent, name, node, target);
          return edit.change(Attributes.of(ino, inode));
        });
  }

  /** Makes a regular file that has no name: an orphan from the start. */
  Attributes makeUnnamed(Caller caller, Ino ino, Ino parent, NewNode node) throws FsException {
    return engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          Inode inode = NewInode.unnamed(edit, caller, ino, parent, node);
          return edit.change(Attributes.of(ino, inode));
        });
  }

  Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName) throws FsException {
    return engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          Inode inode = edit.inode(ino);
          if (inode.type() == FileType.DIRECTORY) {
            throw new FsException(Errno.EPERM, "inode " + ino + " is a directory");
          }
          edit.tree().directory(newParent);
          if (edit.tree().find(newParent, newName) != null) {
            throw taken(newParent, newName);
          }
          edit.addLinks(ino, 1);
          edit.addEntry(newParent, newName, new Dentry(ino, inode.type()));
          if (inode.links() == 0) {
            edit.put(ino, edit.inode(ino).withParent(newParent));
            edit.add(new Mutation.OrphanDelete(ino));
          }
          return edit.change(Attributes.of(ino, edit.inode(ino)));
        });
  }

  void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    remove(
        caller,
        parent,
        name,
        (tree, entry) -> {
          if (entry.type() == FileType.DIRECTORY) {
            throw new FsException(Errno.EISDIR, "entry " + name + " is a directory");
          }
        });
  }

  void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    remove(caller, parent, name, (tree, entry) -> requireEmptyDirectory(tree, name, entry));
  }

  /** Refuses anything but an empty directory. */
  static void requireEmptyDirectory(Tree tree, FileName name, Dentry entry)
      throws PageMissing, FsException {
    if (entry.type() != FileType.DIRECTORY) {
      throw new FsException(Errno.ENOTDIR, "entry " + name + " is no directory");
    }
    if (!tree.isEmpty(entry.child())) {
      throw new FsException(Errno.ENOTEMPTY, "directory " + name + " has entries");
    }
  }

  static FsException taken(Ino parent, FileName name) {
    return new FsException(Errno.EEXIST, "directory " + parent + " has an entry " + name);
  }

  /** What must hold for an entry to be removed. */
  @FunctionalInterface
  private interface Condition {
    void check(Tree tree, Dentry entry) throws PageMissing, FsException;
  }

  private void remove(Caller caller, Ino parent, FileName name, Condition condition)
      throws FsException {
    Optional<Ino> orphan =
        engine.write(
            caller,
            (metadata, now) -> {
              Edit edit = new Edit(metadata, now);
              Dentry entry = edit.tree().entry(parent, name);
              condition.check(edit.tree(), entry);
              edit.removeEntry(parent, name, entry);
              return edit.change(orphans.dropName(edit, entry.child()));
            });
    orphan.ifPresent(orphans::orphaned);
  }
}
