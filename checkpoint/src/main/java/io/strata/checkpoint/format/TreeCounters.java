package io.strata.checkpoint.format;

/**
 * How much a tree holds; each at least 0.
 *
 * @param inodes inodes
 * @param usedBytes bytes of files, holes not counted
 * @param pages pages that the root reaches
 * @param packBytes length of the pack objects that hold them, garbage in them included
 */
public record TreeCounters(long inodes, long usedBytes, long pages, long packBytes) {
  /** Of an empty tree. */
  public static final TreeCounters ZERO = new TreeCounters(0, 0, 0, 0);

  public TreeCounters {
    if (inodes < 0 || usedBytes < 0 || pages < 0 || packBytes < 0) {
      throw new IllegalArgumentException(
          "negative counter: %d inodes, %d bytes, %d pages, %d bytes of packs"
              .formatted(inodes, usedBytes, pages, packBytes));
    }
  }
}
