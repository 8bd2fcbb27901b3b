package io.strata.cli.demo;

import java.io.IOException;
import java.util.Optional;

/** One thing that is done to the volume before the crash, and looked at again after it. */
interface Step {
  /** A few words for the table. */
  String name();

  /** Whether this machine has what it takes. */
  default boolean possible(DemoTree tree) {
    return true;
  }

  /** Does it, and notes in {@code manifest} what must be there now. */
  Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException;

  /** Looks, after the crash, at what a comparison of bytes does not show. */
  default Optional<Verdict> verify(DemoTree tree) throws IOException {
    return Optional.empty();
  }

  /**
   * How much was done.
   *
   * @param files how many were made or changed
   * @param bytes how many were written
   */
  record Work(long files, long bytes) {}
}
