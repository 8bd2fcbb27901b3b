package io.strata.fs.posix;

import io.strata.fs.WouldBlock;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Change;
import io.strata.fs.Engine;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.Inheritance;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes inodes that have lost their last name: at once and in the same group where nobody holds
 * them and they are small; otherwise they become orphans, marked in the tree, and are removed bit by
 * bit when nobody holds them any more, if need be after a crash.
 */
final class Orphans {
  /** Attributes and extents that one group removes at most. */
  static final int REMOVED_MAX = 512;

  private static final int LISTED_MAX = 256;
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  private final Engine engine;
  private final Handles handles;
  private final Inheritance inheritance;

  Orphans(Engine engine, Handles handles, Inheritance inheritance) {
    this.engine = engine;
    this.handles = handles;
    this.inheritance = inheritance;
  }

  /** The attributes and the first extents of an inode, up to a number of both together. */
  private record Belongings(List<ByteString> xattrs, List<Extent> extents) {
    static Belongings of(Tree tree, Ino ino, int countMax) throws PageMissing, FsException {
      List<ByteString> xattrs = tree.xattrNames(ino, countMax);
      return new Belongings(
          xattrs, tree.extentsFrom(ino, 0, Long.MAX_VALUE, countMax - xattrs.size()));
    }

    int count() {
      return xattrs.size() + extents.size();
    }

    long allocated() {
      return extents.stream().mapToLong(Extent::length).sum();
    }

    void removeFrom(Edit edit, Ino ino) {
      xattrs.forEach(name -> edit.add(new Mutation.XattrDelete(ino, name)));
      extents.forEach(extent -> edit.add(new Mutation.ExtentDelete(ino, extent.fileOffset())));
    }
  }

  /**
   * Takes a name from an inode, as a part of the group that removes the entry.
   *
   * @return the inode if it has become an orphan: to be {@link #orphaned} once that is written
   */
  Optional<Ino> dropName(Edit edit, Ino ino) throws PageMissing, FsException {
    Inode inode = edit.inode(ino);
    int links = inode.type() == FileType.DIRECTORY ? 0 : inode.links() - 1;
    if (links > 0) {
      edit.put(ino, inode.withLinks(links).changedAt(edit.now()));
      return Optional.empty();
    }
    if (!isHeld(ino)) {
      Belongings all = Belongings.of(edit.tree(), ino, REMOVED_MAX + 1);
      if (all.count() <= REMOVED_MAX) {
        all.removeFrom(edit, ino);
        edit.delete(ino);
        return Optional.empty();
      }
    }
    edit.put(ino, inode.withLinks(0).changedAt(edit.now()));
    edit.add(new Mutation.OrphanPut(ino));
    return Optional.of(ino);
  }

  /** Notes that a group has made an inode an orphan. */
  void orphaned(Ino ino) {
    if (!handles.markOrphan(ino)) {
      remove(ino);
    }
  }

  /** Lets go of an inode, which is removed if that was all that kept it. */
  void letGo(Ino ino) {
    if (handles.letGo(ino)) {
      remove(ino);
    }
  }

  /** Removes all orphans that nobody holds or may hold. */
  void removeAll() throws FsException {
    long after = 0;
    while (true) {
      long from = after;
      List<Ino> orphans =
          engine.read(
              Caller.ROOT, metadata -> new Tree(metadata).orphansAfter(from, LISTED_MAX));
      if (orphans.isEmpty()) {
        return;
      }
      for (Ino ino : orphans) {
        removeWhole(ino);
      }
      after = orphans.getLast().value();
    }
  }

  private void remove(Ino ino) {
    try {
      if (engine.write(Caller.ROOT.hasty(), (metadata, now) -> removeSome(new Edit(metadata, now), ino))) {
        return;
      }
    } catch (WouldBlock e) {
      LOG.debug("orphan {} is removed in the background", ino);
    } catch (FsException e) {
      leftOver(ino, e);
      return;
    }
    engine.background(
        () -> {
          try {
            removeWhole(ino);
          } catch (FsException e) {
            leftOver(ino, e);
          }
        });
  }

  private void removeWhole(Ino ino) throws FsException {
    boolean done = false;
    while (!done) {
      done =
          engine.write(
              Caller.ROOT, (metadata, now) -> removeSome(new Edit(metadata, now), ino));
    }
  }

  /** A step of removing an orphan; its result is whether nothing is left to do. */
  private Change<Boolean> removeSome(Edit edit, Ino ino) throws PageMissing, FsException {
    Inode inode = edit.tree().find(ino);
    if (inode == null || inode.links() > 0 || isHeld(ino)) {
      return Change.none(true);
    }
    Belongings some = Belongings.of(edit.tree(), ino, REMOVED_MAX);
    some.removeFrom(edit, ino);
    if (some.count() == REMOVED_MAX) {
      edit.put(ino, inode.withAllocated(inode.allocated() - some.allocated()));
      return edit.change(false);
    }
    edit.delete(ino);
    edit.add(new Mutation.OrphanDelete(ino));
    return edit.change(true);
  }

  private boolean isHeld(Ino ino) {
    return handles.isHeld(ino) || inheritance.mayBeHeld(ino);
  }

  private static void leftOver(Ino ino, FsException e) {
    if (e.errno() == Errno.EROFS) {
      // Whoever owns the volume removes it.
      return;
    }
    LOG.warn("orphan {} stays until the volume is opened again: {}", ino, e.getMessage());
  }
}
