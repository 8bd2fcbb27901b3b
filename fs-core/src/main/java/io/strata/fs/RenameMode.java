package io.strata.fs;

/** What {@code renameat2(2)} does with an existing target. */
public enum RenameMode {
  /** Replaces it. */
  REPLACE,
  /** Fails with EEXIST. */
  NO_REPLACE,
  /** Swaps the two; both must exist. */
  EXCHANGE
}
