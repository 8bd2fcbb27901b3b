package io.strata.tests.golden;

import io.strata.store.Frame;
import io.strata.store.ObjectKey;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Ways to damage an object of a bucket. */
enum Damage {
  FLIP_IN_HEADER,
  FLIP_IN_PAYLOAD,
  FLIP_IN_TRAILER,
  ZERO_A_RANGE,
  ZERO_ALL,
  CUT_ONE_BYTE,
  CUT_HALF,
  EMPTY,
  ADD_A_BYTE,
  DELETE,
  SWAP,
  COPY_OVER,
  /** An older object of the kind takes its place. */
  OLDER,
  /** It is there once more, under the next free name of its kind. */
  DUPLICATE;

  private static final int ZEROS_MAX = 64;

  /** Whether it takes a second object of the same kind. */
  boolean needsOther() {
    return switch (this) {
      case SWAP, COPY_OVER, OLDER -> true;
      case FLIP_IN_HEADER,
          FLIP_IN_PAYLOAD,
          FLIP_IN_TRAILER,
          ZERO_A_RANGE,
          ZERO_ALL,
          CUT_ONE_BYTE,
          CUT_HALF,
          EMPTY,
          ADD_A_BYTE,
          DELETE,
          DUPLICATE ->
          false;
    };
  }

  /**
   * Damages an object.
   *
   * @param other another object of its kind, or a free name; left as it is, except by {@link #SWAP}
   *     and {@link #DUPLICATE}
   */
  void apply(MemStore bucket, ObjectKey key, ObjectKey other, RandomGenerator random)
      throws IOException {
    byte[] bytes = Archive.bytes(bucket, key);
    int header = Frame.headerLength(key);
    int trailer = bytes.length - Frame.TRAILER_BYTES;
    switch (this) {
      case FLIP_IN_HEADER -> flip(bytes, random.nextInt(0, header), random);
      case FLIP_IN_PAYLOAD -> flip(bytes, random.nextInt(header, trailer), random);
      case FLIP_IN_TRAILER -> flip(bytes, random.nextInt(trailer, bytes.length), random);
      case ZERO_A_RANGE -> {
        int from = nonZero(bytes, random);
        Arrays.fill(bytes, from, Math.min(bytes.length, from + ZEROS_MAX), (byte) 0);
      }
      case ZERO_ALL -> Arrays.fill(bytes, (byte) 0);
      case CUT_ONE_BYTE -> bytes = Arrays.copyOf(bytes, bytes.length - 1);
      case CUT_HALF -> bytes = Arrays.copyOf(bytes, bytes.length / 2);
      case EMPTY -> bytes = new byte[0];
      case ADD_A_BYTE -> bytes = Arrays.copyOf(bytes, bytes.length + 1);
      case SWAP -> {
        byte[] mine = bytes;
        bytes = Archive.bytes(bucket, other);
        bucket.put(other, mine);
      }
      case COPY_OVER, OLDER -> bytes = Archive.bytes(bucket, other);
      case DUPLICATE -> {
        bucket.put(other, bytes);
        return;
      }
      case DELETE -> {
        bucket.delete(List.of(key));
        return;
      }
    }
    bucket.put(key, bytes);
  }

  private static void flip(byte[] bytes, int at, RandomGenerator random) {
    bytes[at] ^= (byte) (1 << random.nextInt(8));
  }

  /** A place where zeros change something. */
  private static int nonZero(byte[] bytes, RandomGenerator random) {
    int at = random.nextInt(bytes.length);
    while (bytes[at] == 0) {
      at = (at + 1) % bytes.length;
    }
    return at;
  }
}
