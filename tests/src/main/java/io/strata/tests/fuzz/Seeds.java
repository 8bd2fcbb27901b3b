package io.strata.tests.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/** Writes what a fuzzer begins with. */
final class Seeds {
  private Seeds() {}

  /** Writes the seeds of a target, {@code fuse} or {@code ring}, into a directory that is there. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "fuse" -> FuseSeeds.write(directory);
      case "ring" -> RingScript.writeSeeds(directory);
      default -> throw new IllegalArgumentException("no target is called " + arguments[0]);
    }
  }
}
