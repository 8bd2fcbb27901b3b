package io.strata.fuse.abi;

import java.time.Duration;

/**
 * How long the kernel may keep what it was told.
 *
 * @param names that a name exists
 * @param attributes of an inode
 * @param absentNames that a name does not exist; zero: not at all
 */
public record Lifetimes(Duration names, Duration attributes, Duration absentNames) {
  public Lifetimes {
    if (names.isNegative() || attributes.isNegative() || absentNames.isNegative()) {
      throw new IllegalArgumentException("negative lifetime");
    }
  }
}
