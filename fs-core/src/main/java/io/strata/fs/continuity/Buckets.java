package io.strata.fs.continuity;

/** Spreads inode numbers, most of which are neighbours, over tables. */
final class Buckets {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Buckets() {}

  /**
   * The bucket of an inode.
   *
   * @param count how many buckets there are, a power of two
   */
  static int of(long ino, int count) {
    return (int) ((ino * GOLDEN) >>> (64 - Integer.numberOfTrailingZeros(count)));
  }
}
