package io.strata.fs.view;

import java.io.IOException;
import java.util.concurrent.locks.StampedLock;

/**
 * A set of inode numbers: a hash table of words of 64 neighbouring numbers each, as numbers are
 * given out one after another. Takes 16 to 32 bytes a word: from a quarter of a byte an inode where
 * they lie close together up to 32 where none has a neighbour. Safe for any thread; looking is
 * optimistic and waits for nobody.
 */
final class InodeSet {
  private static final int WORDS_MIN = 64;

  private final StampedLock lock = new StampedLock();

  /** Guarded by {@code lock}; its arrays' contents too. */
  private Table table = new Table(WORDS_MIN);

  /** How many words are in use, and how many numbers there are. Guarded by {@code lock}. */
  private int words;

  private long size;

  /** Key 0 is a free slot, otherwise it is the number divided by 64, plus one. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Table(long[] keys, long[] bits) {
    Table(int slots) {
      this(new long[slots], new long[slots]);
    }

    /** The slot of a word, or the free one where it belongs. */
    int slot(long key) {
      int mask = keys.length - 1;
      long mixed = key * 0x9e3779b97f4a7c15L;
      int slot = (int) (mixed >>> 32) & mask;
      // Half of the slots are free; a reader without the lock may see a table in between, and
      // still goes round it at most once.
      for (int tries = 0; tries < keys.length && keys[slot] != key && keys[slot] != 0; tries++) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    boolean contains(long ino) {
      long key = key(ino);
      int slot = slot(key);
      return keys[slot] == key && (bits[slot] & bit(ino)) != 0;
    }
  }

  private static long key(long ino) {
    return (ino >>> 6) + 1;
  }

  private static long bit(long ino) {
    return 1L << (ino & 63);
  }

  boolean contains(long ino) {
    long stamp = lock.tryOptimisticRead();
    if (stamp != 0) {
      boolean found = table.contains(ino);
      if (lock.validate(stamp)) {
        return found;
      }
    }
    stamp = lock.readLock();
    try {
      return table.contains(ino);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Whether it was not there. */
  boolean add(long ino) {
    if (contains(ino)) {
      return false;
    }
    long stamp = lock.writeLock();
    try {
      int slot = table.slot(key(ino));
      if (table.keys[slot] == 0) {
        if (2 * (words + 1) > table.keys.length) {
          rebuild();
          slot = table.slot(key(ino));
        }
        table.keys[slot] = key(ino);
        words++;
      }
      boolean added = (table.bits[slot] & bit(ino)) == 0;
      table.bits[slot] |= bit(ino);
      size += added ? 1 : 0;
      return added;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Whether it was there. */
  boolean remove(long ino) {
    long stamp = lock.writeLock();
    try {
      if (!table.contains(ino)) {
        return false;
      }
      table.bits[table.slot(key(ino))] &= ~bit(ino);
      size--;
      return true;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  long size() {
    long stamp = lock.readLock();
    try {
      return size;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Takes words: bit {@code i} of {@code bits} stands for number {@code 64 * word + i}. */
  @FunctionalInterface
  interface WordVisitor {
    void visit(long word, long bits);
  }

  /** Hands out all numbers, 64 at a time; nothing is added or removed meanwhile. */
  void forEachWord(WordVisitor visitor) {
    long stamp = lock.readLock();
    try {
      for (int slot = 0; slot < table.keys.length; slot++) {
        if (table.bits[slot] != 0) {
          visitor.visit(table.keys[slot] - 1, table.bits[slot]);
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
  }

  void clear() {
    long stamp = lock.writeLock();
    try {
      table = new Table(WORDS_MIN);
      words = 0;
      size = 0;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Takes numbers. */
  @FunctionalInterface
  interface Visitor {
    void visit(long ino) throws IOException;
  }

  /** Hands out all numbers; nothing is added or removed meanwhile. */
  void forEach(Visitor visitor) throws IOException {
    long stamp = lock.readLock();
    try {
      for (int slot = 0; slot < table.keys.length; slot++) {
        for (long bits = table.bits[slot]; bits != 0; bits &= bits - 1) {
          visitor.visit(((table.keys[slot] - 1) << 6) + Long.numberOfTrailingZeros(bits));
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Leaves out words that have become empty, and doubles the table unless that was half of them. */
  private void rebuild() {
    Table old = table;
    int used = 0;
    for (long bits : old.bits) {
      used += bits != 0 ? 1 : 0;
    }
    table = new Table(4 * used > old.keys.length ? 2 * old.keys.length : old.keys.length);
    for (int from = 0; from < old.keys.length; from++) {
      if (old.bits[from] != 0) {
        int slot = table.slot(old.keys[from]);
        table.keys[slot] = old.keys[from];
        table.bits[slot] = old.bits[from];
      }
    }
    words = used;
  }
}
