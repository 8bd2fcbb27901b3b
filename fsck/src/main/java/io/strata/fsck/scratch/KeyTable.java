package io.strata.fsck.scratch;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * A hash table of rows that begin with a key, a number other than 0; open addressing, at most 3/4
 * full. A <em>slot</em> is where a row is; it is valid until another key is added.
 */
public final class KeyTable {
  private static final int SLOTS_MIN = 64;

  private final Scratch scratch;
  private final int rowBytes;
  private RowArray rows;
  private long size;

  /**
   * @param rowBytes length of a row with its key, at least 8
   */
  public KeyTable(Scratch scratch, int rowBytes) {
    this.scratch = scratch;
    this.rowBytes = rowBytes;
    this.rows = new RowArray(scratch, rowBytes, SLOTS_MIN);
  }

  /** How many keys there are. */
  public long size() {
    return size;
  }

  /** One more than the largest slot. */
  public long slots() {
    return rows.count();
  }

  /** The key in a slot; 0 if there is none. */
  public long key(long slot) {
    return rows.getLong(slot, 0);
  }

  /** The slot of a key, or -1. */
  public long find(long key) {
    long slot = probe(rows, key);
    return key != 0 && rows.getLong(slot, 0) == key ? slot : -1;
  }

  /** The slot of a key, which is added if need be, the rest of its row zero. */
  public long add(long key) {
    if (key == 0) {
      throw new IllegalArgumentException("0 is no key");
    }
    long slot = probe(rows, key);
    if (rows.getLong(slot, 0) == 0) {
      if (size >= rows.count() / 4 * 3) {
        grow();
        slot = probe(rows, key);
      }
      rows.putLong(slot, 0, key);
      size++;
    }
    return slot;
  }

  public long getLong(long slot, int at) {
    return rows.getLong(slot, at);
  }

  public void putLong(long slot, int at, long value) {
    rows.putLong(slot, at, value);
  }

  public int getInt(long slot, int at) {
    return rows.getInt(slot, at);
  }

  public void putInt(long slot, int at, int value) {
    rows.putInt(slot, at, value);
  }

  /** All keys in ascending order, as they are now. */
  public PrimitiveIterator.OfLong sortedKeys() {
    RowArray sorted = new RowArray(scratch, Long.BYTES, size);
    long count = 0;
    for (long slot = 0; slot < slots(); slot++) {
      if (key(slot) != 0) {
        sorted.putLong(count++, 0, key(slot));
      }
    }
    sorted.sort();
    return new PrimitiveIterator.OfLong() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < sorted.count();
      }

      @Override
      public long nextLong() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        long key = sorted.getLong(next++, 0);
        if (next == sorted.count()) {
          sorted.release();
        }
        return key;
      }
    };
  }

  private void grow() {
    RowArray larger = new RowArray(scratch, rowBytes, Math.multiplyExact(rows.count(), 2L));
    for (long slot = 0; slot < rows.count(); slot++) {
      long key = rows.getLong(slot, 0);
      if (key != 0) {
        larger.copy(rows, slot, probe(larger, key));
      }
    }
    rows.release();
    rows = larger;
  }

  /** Where {@code key} is, or would be. */
  private static long probe(RowArray rows, long key) {
    long mask = rows.count() - 1;
    long slot = ((key * 0x9e37_79b9_7f4a_7c15L) >>> 24) & mask;
    while (true) {
      long found = rows.getLong(slot, 0);
      if (found == 0 || found == key) {
        return slot;
      }
      slot = slot + 1 & mask;
    }
  }
}
