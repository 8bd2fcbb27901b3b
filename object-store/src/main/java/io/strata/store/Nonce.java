package io.strata.store;

/**
 * The name of a segment or a tree pack: unique for ever without asking anyone, because an epoch has
 * one owner and the owner counts.
 *
 * @param value the epoch in the upper 32 bits, the owner's counter in the lower 32 (unsigned)
 */
public record Nonce(long value) implements Comparable<Nonce> {
  /** The {@code counter}-th nonce of an epoch; {@code counter} is 0 to 2^32 - 1. */
  public static Nonce of(Epoch epoch, long counter) {
    if (counter < 0 || counter > 0xffff_ffffL) {
      throw new IllegalArgumentException("epoch " + epoch + " has used up its nonces");
    }
    return new Nonce((long) epoch.value() << 32 | counter);
  }

  /** The epoch whose owner made it. */
  public Epoch epoch() {
    return new Epoch((int) (value >>> 32));
  }

  /** Two hexadecimal digits that spread object names evenly over 256 prefixes. */
  public String spread() {
    long mixed = value * 0x9e37_79b9_7f4a_7c15L;
    return "%02x".formatted(mixed >>> 56);
  }

  @Override
  public int compareTo(Nonce other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** Epoch and counter, eight hexadecimal digits each, as in object names. */
  @Override
  public String toString() {
    return "%08x-%08x".formatted(value >>> 32, value & 0xffff_ffffL);
  }
}
