package io.strata.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A file of records whose bytes follow from its number, so that a reader knows what must be there.
 * Record {@code n} has 1 to 32 KiB.
 *
 * @param number 0 to {@link #COUNT} - 1
 */
record Journal(int number) {
  static final String ROOT = "journals";

  /** How many are written at the same time. */
  static final int COUNT = 4;

  private static final int BYTES_MAX = 32 << 10;

  String path() {
    return ROOT + "/journal-" + number;
  }

  /** The bytes of a record. */
  byte[] record(int index) {
    SplittableRandom random = new SplittableRandom(31L * index + number);
    byte[] bytes = new byte[1 + random.nextInt(BYTES_MAX)];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * Checks that the file holds all acknowledged records, and after them nothing but what a crash
   * may leave: more of the same stream, possibly cut off.
   *
   * @param acknowledged how many records must be there
   * @return what is wrong, if anything is
   */
  Optional<String> check(DemoTree tree, int acknowledged) throws IOException {
    try (InputStream in = tree.read(path())) {
      for (int index = 0; ; index++) {
        byte[] expected = record(index);
        byte[] found = in.readNBytes(expected.length);
        if (!Arrays.equals(found, 0, found.length, expected, 0, found.length)) {
          return Optional.of("%s: record %d has other bytes".formatted(path(), index));
        }
        if (found.length < expected.length) {
          return index < acknowledged
              ? Optional.of(
                  "%s: %d records were acknowledged, %d are there"
                      .formatted(path(), acknowledged, index))
              : Optional.empty();
        }
      }
    }
  }
}
