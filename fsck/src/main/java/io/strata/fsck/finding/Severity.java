package io.strata.fsck.finding;

/** How bad a finding is. */
public enum Severity {
  /** Nothing is wrong: something that a crash leaves, or that the reader should know. */
  NOTE,
  /** Files are whole, but something that the volume keeps about itself is not as it should be. */
  WARNING,
  /** Files, names or a checkpoint are lost or wrong, or will be. */
  ERROR
}
