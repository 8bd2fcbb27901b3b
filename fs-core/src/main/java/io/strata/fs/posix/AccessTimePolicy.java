package io.strata.fs.posix;

/** When reading a file changes its access time. Reading a directory or a link never does. */
public enum AccessTimePolicy {
  /** Never: only {@code utimens} changes it. */
  NEVER,
  /**
   * The first time that it is read after it was changed: enough to tell whether something new was
   * read, and no change of metadata for most reads.
   */
  AFTER_CHANGE
}
