package io.strata.fsck.bucket;

import io.strata.fsck.scratch.KeyTable;
import io.strata.fsck.scratch.Scratch;
import java.util.PrimitiveIterator;

/** A map from numbers other than 0 to numbers. Confined to a thread while it is changed. */
public final class LongLongMap {
  private static final int VALUE = Long.BYTES;

  private final KeyTable table;

  public LongLongMap(Scratch scratch) {
    this.table = new KeyTable(scratch, 2 * Long.BYTES);
  }

  /** How many keys there are. */
  public long size() {
    return table.size();
  }

  /** Whether {@code key} is there. */
  public boolean has(long key) {
    return table.find(key) >= 0;
  }

  /** The value of {@code key}, or {@code otherwise}. */
  public long get(long key, long otherwise) {
    long slot = table.find(key);
    return slot >= 0 ? table.getLong(slot, VALUE) : otherwise;
  }

  /** Sets the value of {@code key}, which is not 0. */
  public void put(long key, long value) {
    table.putLong(table.add(key), VALUE, value);
  }

  /** All keys in ascending order. */
  public PrimitiveIterator.OfLong keys() {
    return table.sortedKeys();
  }

  /** All keys in ascending order, in a new array: where they are known to be few. */
  public long[] sortedKeys() {
    long[] sorted = new long[Math.toIntExact(size())];
    PrimitiveIterator.OfLong keys = keys();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = keys.nextLong();
    }
    return sorted;
  }
}
