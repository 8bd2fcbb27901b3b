package io.strata.fsck.bucket;

import java.util.Arrays;

/**
 * A map from numbers other than 0 to numbers, in 16 bytes a slot at most 3/4 full. Confined to a
 * thread while it is changed.
 */
public final class LongLongMap {
  private static final int SLOTS_MIN = 16;

  private long[] keys = new long[SLOTS_MIN];
  private long[] values = new long[SLOTS_MIN];
  private int size;

  /** How many keys there are. */
  public int size() {
    return size;
  }

  /** Whether {@code key} is there. */
  public boolean has(long key) {
    return key != 0 && keys[slot(keys, key)] == key;
  }

  /** The value of {@code key}, or {@code otherwise}. */
  public long get(long key, long otherwise) {
    int slot = slot(keys, key);
    return key != 0 && keys[slot] == key ? values[slot] : otherwise;
  }

  /** Sets the value of {@code key}, which is not 0. */
  public void put(long key, long value) {
    if (key == 0) {
      throw new IllegalArgumentException("0 is no key");
    }
    int slot = slot(keys, key);
    if (keys[slot] == 0) {
      if (size >= keys.length / 4 * 3) {
        grow();
        slot = slot(keys, key);
      }
      keys[slot] = key;
      size++;
    }
    values[slot] = value;
  }

  /** All keys in ascending order, in a new array. */
  public long[] sortedKeys() {
    long[] sorted = new long[size];
    int at = 0;
    for (long key : keys) {
      if (key != 0) {
        sorted[at++] = key;
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private void grow() {
    long[] newKeys = new long[Math.multiplyExact(keys.length, 2)];
    long[] newValues = new long[newKeys.length];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        int slot = slot(newKeys, keys[i]);
        newKeys[slot] = keys[i];
        newValues[slot] = values[i];
      }
    }
    keys = newKeys;
    values = newValues;
  }

  /** Where {@code key} is, or would be. */
  private static int slot(long[] keys, long key) {
    int mask = keys.length - 1;
    int slot = Long.hashCode(key * 0x9e37_79b9_7f4a_7c15L) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
