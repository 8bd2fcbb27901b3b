package io.strata.btree;

/**
 * A page in memory. Changed only in the epoch that made it, under the tree's exclusive lock;
 * immutable afterwards, when a checkpoint may be writing it.
 */
abstract sealed class Node permits Leaf, Inner {
  /** The epoch of pages that were loaded: no current one. */
  static final long LOADED = 0;

  /** The first current epoch. */
  static final long FIRST = 1;

  /** When this was made: it may be changed in place while the tree is still there. */
  final long epoch;

  /** Of a leaf its entries, of an inner page its separators, with empty values. */
  final Slots slots;

  /** What the ledger has counted for this, in bytes. */
  int counted;

  /**
   * Whether this was used since eviction last came by. Readers set it without synchronization: a
   * lost update costs a page that is loaded again.
   */
  private boolean used;

  Node(long epoch, Slots slots) {
    this.epoch = epoch;
    this.slots = slots;
  }

  /** Notes a use; writes only the first time, for the sake of other processors' caches. */
  final void use() {
    if (!used) {
      used = true;
    }
  }

  /** Whether this was used since the last call. */
  final boolean takeUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  /** 0 for a leaf, one more than its children's for an inner page. */
  abstract int level();

  /** The size when stored, without the header, in bytes. */
  abstract int bytes();

  /** The memory that this occupies, in bytes. */
  abstract int footprint();

  /** A copy that may be changed during {@code epoch}. */
  abstract Node copy(long epoch);

  /**
   * This page, which is stored, as it would be loaded for a place where it may hold a range of
   * keys: it shares what never changes, and has links of its own.
   */
  abstract Node reloaded(KeyRange range);
}
