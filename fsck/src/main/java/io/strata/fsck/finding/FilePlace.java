package io.strata.fsck.finding;

import org.jspecify.annotations.Nullable;

/**
 * Which file a finding is about.
 *
 * @param ino its inode number
 * @param path one of its names from the root, with bytes that are no printable UTF-8 as {@code
 *     \xHH}; null if it has none or none could be found
 */
public record FilePlace(long ino, @Nullable String path) {
  /** Path and inode number, for messages. */
  @Override
  public String toString() {
    return path == null ? "inode " + ino + " (no path)" : path + " (inode " + ino + ")";
  }
}
