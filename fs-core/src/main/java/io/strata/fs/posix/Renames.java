package io.strata.fs.posix;

import io.strata.fs.RenameMode;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Renames and exchanges names. */
final class Renames {
  private final Engine engine;
  private final Orphans orphans;

  Renames(Engine engine, Orphans orphans) {
    this.engine = engine;
    this.orphans = orphans;
  }

  /** Where an entry is. */
  private record Place(Ino parent, FileName name) {}

  void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    Place from = new Place(parent, name);
    Place to = new Place(newParent, newName);
    Optional<Ino> orphan =
        engine.write(
            caller,
            (metadata, now) -> {
              Edit edit = new Edit(metadata, now);
              return edit.change(rename(edit, from, to, mode));
            });
    orphan.ifPresent(orphans::orphaned);
  }

  private Optional<Ino> rename(Edit edit, Place from, Place to, RenameMode mode)
      throws PageMissing, FsException {
    Tree tree = edit.tree();
    Dentry moved = tree.entry(from.parent, from.name);
    tree.directory(to.parent);
    Dentry there = tree.find(to.parent, to.name);
    requireOutside(tree, moved, to.parent);
    return switch (mode) {
      case REPLACE -> replace(edit, from, moved, to, there);
      case NO_REPLACE -> {
        if (there != null) {
          throw Names.taken(to.parent, to.name);
        }
        yield replace(edit, from, moved, to, null);
      }
      case EXCHANGE -> {
        exchange(edit, from, moved, to, tree.entry(to.parent, to.name));
        yield Optional.empty();
      }
    };
  }

  private Optional<Ino> replace(
      Edit edit, Place from, Dentry moved, Place to, @Nullable Dentry there)
      throws PageMissing, FsException {
    if (there == null) {
      edit.removeEntry(from.parent, from.name, moved);
      edit.addEntry(to.parent, to.name, moved);
      arrive(edit, moved, to.parent);
      return Optional.empty();
    }
    if (there.child().equals(moved.child())) {
      return Optional.empty(); // POSIX: two names of one file stay as they are
    }
    if (moved.type() == FileType.DIRECTORY) {
      Names.requireEmptyDirectory(edit.tree(), to.name, there);
    } else if (there.type() == FileType.DIRECTORY) {
      throw new FsException(Errno.EISDIR, "entry " + to.name + " is a directory");
    }
    edit.removeEntry(from.parent, from.name, moved);
    edit.replaceEntry(to.parent, to.name, there, moved);
    arrive(edit, moved, to.parent);
    return orphans.dropName(edit, there.child());
  }

  private static void exchange(Edit edit, Place from, Dentry moved, Place to, Dentry there)
      throws PageMissing, FsException {
    requireOutside(edit.tree(), there, from.parent);
    if (there.child().equals(moved.child())) {
      return;
    }
    edit.replaceEntry(from.parent, from.name, moved, there);
    edit.replaceEntry(to.parent, to.name, there, moved);
    arrive(edit, moved, to.parent);
    arrive(edit, there, from.parent);
  }

  /** A directory must not come to lie in itself. */
  private static void requireOutside(Tree tree, Dentry moved, Ino newParent)
      throws PageMissing, FsException {
    if (moved.type() == FileType.DIRECTORY && tree.isWithin(newParent, moved.child())) {
      throw new FsException(
          Errno.EINVAL, "directory " + moved.child() + " cannot be moved into itself");
    }
  }

  private static void arrive(Edit edit, Dentry moved, Ino parent)
      throws PageMissing, FsException {
    edit.put(
        moved.child(), edit.inode(moved.child()).changedAt(edit.now()).withParent(parent));
  }
}
