package io.strata.btree;

/**
 * The limits of a tree.
 *
 * @param pageBytes the size above which a page is split, before compression, 256 B to 1 MiB; a page
 *     that holds a single larger entry exceeds it
 * @param residentBytesMax how much memory {@link BTree#trim} lets pages have; dirty pages stay in
 *     memory beyond it until a checkpoint has written them, and when they are many leave no room
 *     for others: checkpoint when they are half of it
 */
public record TreeSizes(int pageBytes, long residentBytesMax) {
  /**
   * Pages of 8 KiB, 192 MiB in memory. A checkpoint writes a whole page for a changed entry, so
   * small pages make it cheap; reading is made cheap by {@link PageSource#readAhead}.
   */
  public static final TreeSizes DEFAULT = new TreeSizes(8 << 10, 192L << 20);

  public TreeSizes {
    if (pageBytes < 256 || pageBytes > 1 << 20) {
      throw new IllegalArgumentException("pageBytes must be 256 to 1048576, is " + pageBytes);
    }
    if (residentBytesMax < 0) {
      throw new IllegalArgumentException("residentBytesMax is negative: " + residentBytesMax);
    }
  }
}
