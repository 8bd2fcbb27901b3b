package io.strata.btree;

/** Stand-in: receives the entries of a scan in ascending order. */
@FunctionalInterface
public interface Visitor {
  /** Takes an entry and says whether to go on. */
  boolean visit(byte[] key, byte[] value);
}
