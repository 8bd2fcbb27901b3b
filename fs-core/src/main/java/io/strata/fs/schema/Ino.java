package io.strata.fs.schema;

import io.strata.store.Epoch;

/**
 * An inode number: never reused.
 *
 * @param value 1 for the root; otherwise the epoch that made it in bits 40 to 62 and a counter below
 */
public record Ino(long value) implements Comparable<Ino> {
  /** The root directory. */
  public static final Ino ROOT = new Ino(1);

  /** Inodes that one epoch can make. */
  public static final long COUNTER_MAX = (1L << 40) - 1;

  public Ino {
    if (value < 1) {
      throw new IllegalArgumentException("no such inode number: " + value);
    }
  }

  /** The {@code counter}-th inode of an epoch, 1 to {@link #COUNTER_MAX}. */
  public static Ino of(Epoch epoch, long counter) {
    if (counter < 1 || counter > COUNTER_MAX) {
      throw new IllegalArgumentException("epoch " + epoch + " has used up its inode numbers");
    }
    return new Ino((long) epoch.value() << 40 | counter);
  }

  @Override
  public int compareTo(Ino other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
