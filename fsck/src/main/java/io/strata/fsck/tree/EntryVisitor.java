package io.strata.fsck.tree;

import io.strata.store.StoreException;

/** Takes entries in ascending order of their keys. */
@FunctionalInterface
public interface EntryVisitor {
  /** Takes the next entry; the arrays are its own. */
  void entry(byte[] key, byte[] value) throws StoreException, InterruptedException;
}
