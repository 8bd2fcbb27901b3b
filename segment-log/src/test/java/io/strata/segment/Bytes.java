package io.strata.segment;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Bytes for tests. */
final class Bytes {
  private Bytes() {}

  /** Bytes that do not compress. */
  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Bytes that compress to about a half, as text does: words of eight letters. */
  static byte[] text(long seed, int length) {
    byte[] words = random(1, 256 * 8);
    byte[] choices = random(seed, length / 8 + 1);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = words[8 * (choices[i / 8] & 0xff) + i % 8];
    }
    return bytes;
  }

  static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }
}
