package io.strata.btree;

/** Receives the entries of a scan in ascending order. */
@FunctionalInterface
public interface Visitor {
  /**
   * Takes an entry; both arrays are copies, the visitor's own.
   *
   * @return whether to go on
   */
  boolean visit(byte[] key, byte[] value);
}
