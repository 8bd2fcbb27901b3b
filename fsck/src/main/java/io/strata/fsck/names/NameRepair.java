package io.strata.fsck.names;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.finding.TouchedFiles;
import io.strata.fsck.scratch.Change;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.scratch.SortedChanges;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.Printable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out what makes inodes and names fit each other, from what a check remembers of all of them
 * and from the volume's entries, which come by once more in the order of the tree.
 *
 * <p>Rules. Of what exists nothing is dropped: what has no name and has links gets one in a new
 * directory, {@code lost+found}. An inode of which only names or extents are left is made anew, a
 * directory or a file. A name that stands for nothing goes, and so do the second and later names of
 * a directory; the one stays that the directory agrees to. A ring of directories is cut at one of
 * them. Links, sizes, parents, types in names and marks are set to what they must be.
 *
 * <p>Confined to a thread.
 */
public final class NameRepair {
  private static final long ROOT = Ino.ROOT.value();

  private final InodeTable table;
  private final Place place;
  private final Overlay fixes;

  /** Why an inode lost a name, by inode number: the directory's number and the name. */
  private final SortedChanges formerNames;

  private final Set<String> rootNames = new HashSet<>();

  private long ino;
  private @Nullable Inode inode;
  private long entries;
  private long directories;
  private @Nullable Inode root;
  private long inodes;

  /**
   * Where a repair puts things, and whom it tells.
   *
   * @param lostAndFound number of the directory for what has no name; made if it is needed
   * @param name what that directory is called if the name is free
   * @param otherName what it is called else
   * @param now time of everything that is made
   * @param touched is told of all that is changed
   */
  public record Place(
      Ino lostAndFound, String name, String otherName, Timestamp now, TouchedFiles touched) {}

  NameRepair(InodeTable table, Place place, Overlay fixes, Scratch scratch) {
    this.table = table;
    this.place = place;
    this.fixes = fixes;
    this.formerNames = new SortedChanges(scratch);
  }

  /** Decides what is decided by what is known of all inodes. Called before entries come. */
  public void begin() {
    long rootSlot = table.add(ROOT);
    if (!table.exists(rootSlot) || table.type(rootSlot) != FileType.DIRECTORY) {
      make(rootSlot, FileType.DIRECTORY);
    }
    for (long slot = 0; slot < table.slots(); slot++) {
      if (table.used(slot)) {
        table.clearSettled(slot);
        if (!table.exists(slot) && (table.hasEntries(slot) || table.hasExtents(slot))) {
          make(slot, table.hasEntries(slot) ? FileType.DIRECTORY : FileType.REGULAR);
        }
      }
    }
    new Rings(table, ring -> table.setDetached(table.find(ring.ino()))).find();
  }

  private void make(long slot, FileType type) {
    table.setExists(slot, type, 1);
    table.setMade(slot);
  }

  /** Takes an inode. */
  public void inode(Mutation.InodePut put) {
    begin(put.ino());
    inode = put.inode();
  }

  /** Meets an extent. */
  public void extent(Ino owner) {
    begin(owner);
  }

  /** Takes an attribute. */
  public void attribute(Mutation.XattrPut put) {
    begin(put.ino());
    if (!exists(put.ino().value())) {
      fixes.remove(put.key());
      place.touched().add(put.ino().value(), "did not exist: an attribute of it is dropped");
    }
  }

  /** Takes a name. */
  public void name(Mutation.DentryPut put) {
    begin(put.parent());
    long child = put.entry().child().value();
    long slot = table.find(child);
    String name = Printable.text(put.name().toBytes());
    if (ino == ROOT) {
      rootNames.add(name);
    }
    if (!isDirectory(ino)) {
      drop(put, child, name, "the inode that held it is no directory");
    } else if (slot < 0 || !table.exists(slot)) {
      drop(put, child, name, "what it stood for does not exist");
      place.touched().add(child, "is lost");
    } else if (child == ROOT) {
      drop(put, child, name, "it stood for the root");
    } else if (table.type(slot) == FileType.DIRECTORY && !isThePlace(slot)) {
      drop(put, child, name, "a directory has one name");
    } else {
      keep(put, slot, name);
    }
  }

  private boolean isThePlace(long slot) {
    if (table.parent(slot) != ino || table.detached(slot) || table.placed(slot)) {
      return false;
    }
    table.setPlaced(slot);
    return true;
  }

  private void drop(Mutation.DentryPut put, long child, String name, String why) {
    fixes.remove(put.key());
    place.touched().add(ino, "loses its name \"%s\" for inode %d: %s".formatted(name, child, why));
    if (exists(child)) {
      formerNames.put(key(child), put.name().toBytes());
    }
  }

  private void keep(Mutation.DentryPut put, long slot, String name) {
    FileType type = table.type(slot);
    entries++;
    directories += type == FileType.DIRECTORY ? 1 : 0;
    if (put.entry().type() != type) {
      fixes.put(
          new Mutation.DentryPut(put.parent(), put.name(), new Dentry(put.entry().child(), type)));
      place
          .touched()
          .add(table.ino(slot), "is listed as %s, by \"%s\"".formatted(Words.of(type), name));
    }
  }

  /**
   * Ends the inode whose entries came by last.
   *
   * @param extentBytes lengths of the extents that it keeps
   * @param extentEnd where the last of them ends
   */
  public void endInode(long extentBytes, long extentEnd) {
    if (ino == 0) {
      return;
    }
    long slot = table.find(ino);
    if (slot >= 0 && table.exists(slot)) {
      inodes++;
      Inode before = inode;
      Inode after =
          switch (table.type(slot)) {
            case DIRECTORY -> directory(slot, before);
            case REGULAR -> file(slot, before, extentBytes, extentEnd);
            case SYMLINK -> other(slot, before, before == null ? 0 : before.target().length());
            case FIFO, SOCKET, BLOCK_DEVICE, CHARACTER_DEVICE ->
                other(slot, before, before == null ? 0 : before.size());
          };
      if (ino == ROOT) {
        root = after;
        if (before != null && !after.equals(before)) {
          place.touched().add(ROOT, changes(before, after));
        }
      } else {
        store(before, after);
      }
    }
    ino = 0;
    inode = null;
  }

  private void store(@Nullable Inode before, Inode after) {
    if (after.equals(before)) {
      return;
    }
    fixes.put(new Mutation.InodePut(new Ino(ino), after));
    place.touched().add(ino, before == null ? "is made anew" : changes(before, after));
  }

  private static String changes(Inode before, Inode after) {
    StringBuilder text = new StringBuilder("is set right:");
    change(text, "links", before.links(), after.links());
    change(text, "size", before.size(), after.size());
    change(text, "allocated bytes", before.allocated(), after.allocated());
    Ino parent = after.parent();
    if (parent != null && before.parent() != null) {
      change(text, "parent", before.parent().value(), parent.value());
    }
    return text.toString();
  }

  private static void change(StringBuilder text, String what, long before, long after) {
    if (before != after) {
      text.append(" %s %d instead of %d".formatted(what, after, before));
    }
  }

  private Inode directory(long slot, @Nullable Inode before) {
    Ino parent =
        ino == ROOT ? Ino.ROOT : isLost(slot) ? place.lostAndFound() : new Ino(table.parent(slot));
    if (before == null || before.type() != FileType.DIRECTORY) {
      return new Inode(
          FileType.DIRECTORY.code() << 12 | (ino == ROOT ? 0755 : 0700),
          Math.toIntExact(2 + directories),
          0,
          0,
          0,
          entries,
          0,
          place.now(),
          place.now(),
          place.now(),
          place.now(),
          parent,
          ByteString.EMPTY);
    }
    if (isOrphan(slot)) {
      return before.withSize(0);
    }
    return before.withLinks(Math.toIntExact(2 + directories)).withSize(entries).withParent(parent);
  }

  private Inode file(long slot, @Nullable Inode before, long extentBytes, long extentEnd) {
    if (before == null) {
      return new Inode(
          FileType.REGULAR.code() << 12 | 0600,
          links(slot),
          0,
          0,
          0,
          extentEnd,
          extentBytes,
          place.now(),
          place.now(),
          place.now(),
          place.now(),
          null,
          ByteString.EMPTY);
    }
    return before
        .withLinks(links(slot))
        .withSize(Math.max(before.size(), extentEnd))
        .withAllocated(extentBytes);
  }

  private Inode other(long slot, @Nullable Inode before, long size) {
    if (before == null) {
      throw new IllegalStateException("nothing but directories and files is made anew: " + ino);
    }
    return before.withLinks(links(slot)).withSize(size).withAllocated(0);
  }

  private int links(long slot) {
    return isLost(slot) ? 1 : table.goodNames(slot);
  }

  /** Whether the inode exists and must get a name. */
  private boolean isLost(long slot) {
    if (table.ino(slot) == ROOT || isOrphan(slot)) {
      return false;
    }
    return table.goodNames(slot) == 0
        || table.detached(slot)
        || (table.type(slot) == FileType.DIRECTORY && !isDirectory(table.parent(slot)));
  }

  /** Whether the inode waits to be removed, or should. */
  private boolean isOrphan(long slot) {
    return table.ino(slot) != ROOT
        && table.links(slot) == 0
        && table.goodNames(slot) == 0
        && !table.made(slot)
        && !table.hasEntries(slot);
  }

  private boolean exists(long number) {
    long slot = table.find(number);
    return slot >= 0 && table.exists(slot);
  }

  private boolean isDirectory(long number) {
    long slot = table.find(number);
    return slot >= 0 && table.exists(slot) && table.type(slot) == FileType.DIRECTORY;
  }

  private void begin(Ino next) {
    if (next.value() != ino) {
      if (ino != 0) {
        throw new IllegalStateException("inode " + ino + " was not ended");
      }
      ino = next.value();
      entries = 0;
      directories = 0;
    }
  }

  /** Does what is left when all entries have come by: marks, lost+found and the root. */
  public void end() {
    SortedChanges lost = new SortedChanges(formerNames.scratch());
    long count = 0;
    long lostDirectories = 0;
    for (long slot = 0; slot < table.slots(); slot++) {
      if (table.used(slot)) {
        mark(slot);
        if (table.exists(slot) && isLost(slot)) {
          count++;
          boolean directory = table.type(slot) == FileType.DIRECTORY;
          lostDirectories += directory ? 1 : 0;
          byte[] name = lostName(slot).toBytes();
          lost.put(name, key(table.ino(slot)));
        }
      }
    }
    if (count > 0) {
      lostAndFound(lost, count, lostDirectories);
    }
    Inode rootNow = root;
    boolean rootMet = rootNow != null;
    if (rootNow == null) {
      ino = ROOT;
      entries = 0;
      directories = 0;
      rootNow = directory(table.find(ROOT), null);
      inodes++;
    }
    if (count > 0) {
      rootNow = rootNow.withLinks(rootNow.links() + 1).withSize(rootNow.size() + 1);
    }
    fixes.put(new Mutation.InodePut(Ino.ROOT, rootNow));
    if (!rootMet) {
      place.touched().add(ROOT, "is made anew");
    }
  }

  private void mark(long slot) {
    Ino number = new Ino(table.ino(slot));
    boolean orphan = table.exists(slot) && isOrphan(slot);
    if (orphan && !table.marked(slot)) {
      fixes.put(new Mutation.OrphanPut(number));
      place.touched().add(number.value(), "is marked to be removed: it has no links");
    } else if (!orphan && table.marked(slot)) {
      fixes.remove(TreeKeys.orphan(number));
      place.touched().add(number.value(), "is not to be removed any more");
    }
  }

  /** A name that tells the inode, the directory that it says it was in, and the last name. */
  private FileName lostName(long slot) {
    StringBuilder name = new StringBuilder("ino-").append(table.ino(slot));
    if (table.said(slot) != 0) {
      name.append("-of-").append(table.said(slot));
    }
    byte[] former = formerName(table.ino(slot));
    if (former == null) {
      return FileName.of(name.toString());
    }
    byte[] told = FileName.of(name.append("-was-").toString()).toBytes();
    int kept = Math.min(former.length, FileName.BYTES_MAX - told.length);
    byte[] whole = Arrays.copyOf(told, told.length + kept);
    System.arraycopy(former, 0, whole, told.length, kept);
    return FileName.of(whole);
  }

  private byte @Nullable [] formerName(long number) {
    Iterator<Change> from = formerNames.from(key(number));
    Change first = from.hasNext() ? from.next() : null;
    return first != null && Arrays.equals(first.key(), key(number)) ? first.value() : null;
  }

  private void lostAndFound(SortedChanges lost, long count, long lostDirectories) {
    String name = rootNames.contains(place.name()) ? place.otherName() : place.name();
    Ino directory = place.lostAndFound();
    inodes++;
    fixes.put(
        new Mutation.InodePut(
            directory,
            new Inode(
                FileType.DIRECTORY.code() << 12 | 0700,
                Math.toIntExact(2 + lostDirectories),
                0,
                0,
                0,
                count,
                0,
                place.now(),
                place.now(),
                place.now(),
                place.now(),
                Ino.ROOT,
                ByteString.EMPTY)));
    fixes.put(
        new Mutation.DentryPut(
            Ino.ROOT, FileName.of(name), new Dentry(directory, FileType.DIRECTORY)));
    for (Iterator<Change> all = lost.from(new byte[0]); all.hasNext(); ) {
      Change each = all.next();
      byte[] number = each.value();
      if (number != null) {
        long found = ByteBuffer.wrap(number).getLong();
        FileType type = table.type(table.find(found));
        fixes.put(
            new Mutation.DentryPut(
                directory, FileName.of(each.key()), new Dentry(new Ino(found), type)));
        place.touched().add(found, "is named /%s/%s".formatted(name, Printable.text(each.key())));
      }
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /** Inodes that there will be. */
  public long inodes() {
    return inodes;
  }

  /** Whether an inode will be a file: what else has extents loses them. */
  public boolean isFile(long number) {
    long slot = table.find(number);
    return slot >= 0 && table.exists(slot) && table.type(slot) == FileType.REGULAR;
  }
}
