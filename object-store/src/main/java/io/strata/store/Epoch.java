package io.strata.store;

/**
 * A reign over a volume: each owner has its own, one more than its predecessor's.
 *
 * @param value 1 to {@link #MAX}
 */
public record Epoch(int value) implements Comparable<Epoch> {
  /** The last epoch: inode numbers hold an epoch in 23 bits. */
  public static final int MAX = (1 << 23) - 1;

  public Epoch {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("no such epoch: " + value);
    }
  }

  /** The epoch of the next owner. */
  public Epoch next() {
    return new Epoch(value + 1);
  }

  @Override
  public int compareTo(Epoch other) {
    return Integer.compare(value, other.value);
  }

  /** Eight hexadecimal digits, as in object names. */
  @Override
  public String toString() {
    return "%08x".formatted(value);
  }
}
