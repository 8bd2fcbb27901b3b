package io.strata.fs.locks;

/** Whom a lock keeps out. */
public enum LockMode {
  /** Exclusive locks of others. */
  SHARED,
  /** All locks of others. */
  EXCLUSIVE;

  boolean excludes(LockMode other) {
    return this == EXCLUSIVE || other == EXCLUSIVE;
  }
}
