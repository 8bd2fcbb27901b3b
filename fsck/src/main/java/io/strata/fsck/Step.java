package io.strata.fsck;

/** Steps of a check, in order. */
public enum Step {
  /** Listing the bucket; counted in objects. */
  LISTING,
  /** Reading heads; counted in heads. */
  HEADS,
  /** Replaying the log in memory; counted in log entries. */
  LOG,
  /** Walking the tree; counted in pages, of which the head knows the number. */
  TREE,
  /** Checking packs of pages; counted in packs. */
  PACKS,
  /** Checking segments, but not their data; counted in segments. */
  SEGMENTS,
  /** Checking segments with all their data; counted in bytes of their objects. */
  DATA,
  /** Looking up the paths of what was found; counted in inodes. */
  PATHS
}
