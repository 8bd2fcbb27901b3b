package io.strata.fsck.names;

import io.strata.fs.schema.FileType;

/**
 * What must be known of every inode at once, in columns of primitives: 29 bytes a slot, of which at
 * most 3/4 are used; while it grows half as much again. A <em>slot</em> is valid until another
 * inode is added.
 */
final class InodeTable {
  private static final int SLOTS_MIN = 1024;

  private static final int TYPE_MASK = 0x0f;
  private static final int EXISTS = 0x10;
  private static final int SETTLED = 0x20;
  private static final int ON_PATH = 0x40;
  private static final int MARKED = 0x80;

  private long[] inos = new long[SLOTS_MIN];

  /** A directory that has a name of the inode; before one is met, the parent that it says. */
  private long[] parents = new long[SLOTS_MIN];

  private int[] links = new int[SLOTS_MIN];
  private int[] names = new int[SLOTS_MIN];
  private byte[] flags = new byte[SLOTS_MIN];
  private int size;

  /** How many inodes have been heard of. */
  int size() {
    return size;
  }

  /** One more than the largest slot. */
  int slots() {
    return inos.length;
  }

  /** Whether a slot is in use. */
  boolean used(int slot) {
    return inos[slot] != 0;
  }

  /** The slot of an inode, or -1 if it was never heard of. */
  int find(long ino) {
    int slot = probe(inos, ino);
    return inos[slot] == ino ? slot : -1;
  }

  /** The slot of an inode, which is made if need be. */
  int add(long ino) {
    int slot = probe(inos, ino);
    if (inos[slot] == 0) {
      if (size >= inos.length / 4 * 3) {
        grow();
        slot = probe(inos, ino);
      }
      inos[slot] = ino;
      size++;
    }
    return slot;
  }

  long ino(int slot) {
    return inos[slot];
  }

  /** Notes that the inode exists. */
  void setExists(int slot, FileType type, int linkCount) {
    setType(slot, type);
    flags[slot] |= EXISTS;
    links[slot] = linkCount;
  }

  /** Whether there is an inode, rather than names for one. */
  boolean exists(int slot) {
    return (flags[slot] & EXISTS) != 0;
  }

  /** The type of the inode; before it is met, the type that its first name says. */
  FileType type(int slot) {
    return FileType.ofCode(flags[slot] & TYPE_MASK);
  }

  void setType(int slot, FileType type) {
    flags[slot] = (byte) ((flags[slot] & ~TYPE_MASK) | type.code());
  }

  /** Links that the inode says. */
  int links(int slot) {
    return links[slot];
  }

  /** Names that were met. */
  int names(int slot) {
    return names[slot];
  }

  void addName(int slot) {
    names[slot]++;
  }

  /** A directory that holds the inode; 0 if none is known. */
  long parent(int slot) {
    return parents[slot];
  }

  void setParent(int slot, long parent) {
    parents[slot] = parent;
  }

  /** Whether the inode is marked to be removed. */
  boolean marked(int slot) {
    return (flags[slot] & MARKED) != 0;
  }

  void setMarked(int slot) {
    flags[slot] |= (byte) MARKED;
  }

  /** Whether it is known already where the directory hangs. */
  boolean settled(int slot) {
    return (flags[slot] & SETTLED) != 0;
  }

  void setSettled(int slot) {
    flags[slot] |= SETTLED;
  }

  /** Whether the directory is on the path that is being followed. */
  boolean onPath(int slot) {
    return (flags[slot] & ON_PATH) != 0;
  }

  void setOnPath(int slot, boolean value) {
    flags[slot] = (byte) (value ? flags[slot] | ON_PATH : flags[slot] & ~ON_PATH);
  }

  private void grow() {
    int slots = Math.multiplyExact(inos.length, 2);
    long[] newInos = new long[slots];
    int[] moved = new int[inos.length];
    for (int i = 0; i < inos.length; i++) {
      if (inos[i] != 0) {
        moved[i] = probe(newInos, inos[i]);
        newInos[moved[i]] = inos[i];
      }
    }
    long[] newParents = new long[slots];
    int[] newLinks = new int[slots];
    int[] newNames = new int[slots];
    byte[] newFlags = new byte[slots];
    for (int i = 0; i < inos.length; i++) {
      if (inos[i] != 0) {
        newParents[moved[i]] = parents[i];
        newLinks[moved[i]] = links[i];
        newNames[moved[i]] = names[i];
        newFlags[moved[i]] = flags[i];
      }
    }
    inos = newInos;
    parents = newParents;
    links = newLinks;
    names = newNames;
    flags = newFlags;
  }

  private static int probe(long[] inos, long ino) {
    int mask = inos.length - 1;
    int slot = (int) ((ino * 0x9e37_79b9_7f4a_7c15L) >>> 32) & mask;
    while (inos[slot] != 0 && inos[slot] != ino) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
