package io.strata.tests.bench.s3;

import java.util.SplittableRandom;

/** Bytes that nothing makes smaller, the same for all subjects. */
final class Payload {
  static final int MIB = 1 << 20;
  private static final int CHUNKS = 16;
  private static final byte[][] LARGE = new byte[CHUNKS][MIB];
  private static final byte[] SMALL = new byte[Subject.SMALL_BYTES];

  static {
    SplittableRandom random = new SplittableRandom(1);
    for (byte[] chunk : LARGE) {
      random.nextBytes(chunk);
    }
    random.nextBytes(SMALL);
  }

  private Payload() {}

  /** The {@code i}-th MiB of a large file; not to be changed. */
  static byte[] mebibyte(int i) {
    return LARGE[i % CHUNKS];
  }

  /** What small files hold; not to be changed. */
  static byte[] small() {
    return SMALL;
  }
}
