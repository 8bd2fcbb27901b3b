package io.strata.btree;

/**
 * One try to write a frozen tree. The pages that it has written are clean once it is committed, all
 * at the same moment, and never if it is not. Guarded by the tree's exclusive lock, like the links
 * that refer to it.
 */
final class WriteAttempt {
  /** Of pages that were there when the tree was opened. */
  static final WriteAttempt COMMITTED = new WriteAttempt();

  static {
    COMMITTED.commit();
  }

  private boolean committed;

  boolean committed() {
    return committed;
  }

  void commit() {
    committed = true;
  }
}
