package io.strata.fsck.names;

import io.strata.fs.schema.FileType;
import io.strata.fsck.scratch.KeyTable;
import io.strata.fsck.scratch.Scratch;

/**
 * What must be known of every inode at once: rows of 40 bytes, of which at most 3/4 are used, on
 * disk when they are many. A <em>slot</em> is valid until another inode is added.
 */
final class InodeTable {
  private static final int ROW_BYTES = 40;

  /** A directory that has a name of the inode; before one is met, the parent that it says. */
  private static final int PARENT = 8;

  private static final int LINKS = 16;
  private static final int NAMES = 20;
  private static final int FLAGS = 24;

  /** Names in what is no directory. */
  private static final int STRAY_NAMES = 28;

  /** The parent that a directory says. */
  private static final int SAID = 32;

  private static final int TYPE_MASK = 0x0f;
  private static final int EXISTS = 0x10;
  private static final int SETTLED = 0x20;
  private static final int ON_PATH = 0x40;
  private static final int MARKED = 0x80;
  private static final int HAS_ENTRIES = 0x100;
  private static final int HAS_EXTENTS = 0x200;
  private static final int MADE = 0x400;
  private static final int DETACHED = 0x800;
  private static final int PLACED = 0x1000;

  private final KeyTable rows;

  InodeTable(Scratch scratch) {
    this.rows = new KeyTable(scratch, ROW_BYTES);
  }

  /** How many inodes have been heard of. */
  long size() {
    return rows.size();
  }

  /** One more than the largest slot. */
  long slots() {
    return rows.slots();
  }

  /** Whether a slot is in use. */
  boolean used(long slot) {
    return rows.key(slot) != 0;
  }

  /** The slot of an inode, or -1 if it was never heard of. */
  long find(long ino) {
    return rows.find(ino);
  }

  /** The slot of an inode, which is made if need be. */
  long add(long ino) {
    return rows.add(ino);
  }

  long ino(long slot) {
    return rows.key(slot);
  }

  /** Notes that the inode exists. */
  void setExists(long slot, FileType type, int linkCount) {
    setType(slot, type);
    set(slot, EXISTS);
    rows.putInt(slot, LINKS, linkCount);
  }

  /** Whether there is an inode, rather than names for one. */
  boolean exists(long slot) {
    return is(slot, EXISTS);
  }

  /** The type of the inode; before it is met, the type that its first name says. */
  FileType type(long slot) {
    return FileType.ofCode(rows.getInt(slot, FLAGS) & TYPE_MASK);
  }

  void setType(long slot, FileType type) {
    rows.putInt(slot, FLAGS, (rows.getInt(slot, FLAGS) & ~TYPE_MASK) | type.code());
  }

  /** Links that the inode says. */
  int links(long slot) {
    return rows.getInt(slot, LINKS);
  }

  /** Names that were met. */
  int names(long slot) {
    return rows.getInt(slot, NAMES);
  }

  void addName(long slot) {
    rows.putInt(slot, NAMES, names(slot) + 1);
  }

  /** Names that were met in directories. */
  int goodNames(long slot) {
    return names(slot) - rows.getInt(slot, STRAY_NAMES);
  }

  void addStrayName(long slot) {
    rows.putInt(slot, STRAY_NAMES, rows.getInt(slot, STRAY_NAMES) + 1);
  }

  /** A directory that holds the inode; 0 if none is known. */
  long parent(long slot) {
    return rows.getLong(slot, PARENT);
  }

  void setParent(long slot, long parent) {
    rows.putLong(slot, PARENT, parent);
  }

  /** The parent that the directory itself says; 0 if it is none. */
  long said(long slot) {
    return rows.getLong(slot, SAID);
  }

  void setSaid(long slot, long parent) {
    rows.putLong(slot, SAID, parent);
  }

  /** Whether entries were met of a directory that does not exist, or was removed. */
  boolean hasEntries(long slot) {
    return is(slot, HAS_ENTRIES);
  }

  void setHasEntries(long slot) {
    set(slot, HAS_ENTRIES);
  }

  /** Whether extents were met of a file that does not exist. */
  boolean hasExtents(long slot) {
    return is(slot, HAS_EXTENTS);
  }

  void setHasExtents(long slot) {
    set(slot, HAS_EXTENTS);
  }

  /** Whether a repair makes the inode, of which only entries are left. */
  boolean made(long slot) {
    return is(slot, MADE);
  }

  void setMade(long slot) {
    set(slot, MADE);
  }

  /** Whether a repair takes the directory out of the ring that it is in. */
  boolean detached(long slot) {
    return is(slot, DETACHED);
  }

  void setDetached(long slot) {
    set(slot, DETACHED);
  }

  /** Whether the one name was met that a repair leaves the directory. */
  boolean placed(long slot) {
    return is(slot, PLACED);
  }

  void setPlaced(long slot) {
    set(slot, PLACED);
  }

  /** Whether the inode is marked to be removed. */
  boolean marked(long slot) {
    return is(slot, MARKED);
  }

  void setMarked(long slot) {
    set(slot, MARKED);
  }

  /** Whether it is known already where the directory hangs. */
  boolean settled(long slot) {
    return is(slot, SETTLED);
  }

  void setSettled(long slot) {
    set(slot, SETTLED);
  }

  void clearSettled(long slot) {
    rows.putInt(slot, FLAGS, rows.getInt(slot, FLAGS) & ~SETTLED);
  }

  /** Whether the directory is on the path that is being followed. */
  boolean onPath(long slot) {
    return is(slot, ON_PATH);
  }

  void setOnPath(long slot, boolean value) {
    if (value) {
      set(slot, ON_PATH);
    } else {
      rows.putInt(slot, FLAGS, rows.getInt(slot, FLAGS) & ~ON_PATH);
    }
  }

  private boolean is(long slot, int flag) {
    return (rows.getInt(slot, FLAGS) & flag) != 0;
  }

  private void set(long slot, int flag) {
    rows.putInt(slot, FLAGS, rows.getInt(slot, FLAGS) | flag);
  }
}
