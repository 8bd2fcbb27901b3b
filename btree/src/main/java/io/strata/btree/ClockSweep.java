package io.strata.btree;

import org.jspecify.annotations.Nullable;

/**
 * Evicts stored pages by second chance: a hand goes round the pages in memory, in the order of
 * keys, and evicts what nobody has used since it came by before. An inner page goes after its
 * children. Guarded by the exclusive lock.
 */
final class ClockSweep {
  /** How many links one call looks at, at most, so that the lock is not held for long. */
  static final int LINKS_MAX = 16 << 10;

  private final LiveTree tree;

  /** Where the next call goes on; null for the first key. */
  private byte @Nullable [] hand;

  private long residentGoal;
  private int links;

  ClockSweep(LiveTree tree) {
    this.tree = tree;
  }

  /**
   * Goes once around at most, so that whoever has just loaded a page has a chance to use it. Stops
   * when no more than {@code goal} bytes are left, or when it takes long.
   */
  void run(long goal) {
    residentGoal = goal;
    links = LINKS_MAX;
    if (!(tree.root().node() instanceof Inner root)) {
      return;
    }
    byte[] start = hand;
    hand = null;
    if (sweep(root, start, null) && start != null && sweep(root, null, start)) {
      hand = start;
    }
  }

  private boolean done() {
    return links <= 0 || tree.ledger.residentBytes() + tree.ledger.heldBytes() <= residentGoal;
  }

  /**
   * Looks at the children whose ranges are from one key to another. False if it stopped among them;
   * the hand is then at the next one, or nowhere if that was the last.
   */
  private boolean sweep(Inner inner, byte @Nullable [] from, byte @Nullable [] to) {
    int first = from == null ? 0 : inner.indexOf(from);
    int last = to == null ? inner.count() - 1 : inner.lastBelow(to);
    for (int i = first; i <= last; i++) {
      links--;
      ChildRef ref = inner.child(i);
      Node node = ref.node();
      if (node instanceof Inner child
          && !sweep(child, i == first ? from : null, i == last ? to : null)) {
        stop(inner, i);
        return false;
      }
      if (node != null && ref.address() != null && !node.takeUsed()) {
        evict(ref, node);
      }
      if (done()) {
        stop(inner, i);
        return false;
      }
    }
    return true;
  }

  /** Leaves the hand behind child {@code i}, unless it is in the middle of it. */
  private void stop(Inner inner, int i) {
    if (hand == null && i + 1 < inner.count()) {
      hand = inner.separator(i + 1);
    }
  }

  private void evict(ChildRef ref, Node node) {
    if (node instanceof Inner inner && !cutChildren(inner)) {
      return;
    }
    ref.evict();
    tree.ledger.evicted(node);
  }

  /**
   * Cuts the links of an inner page that is about to go, lest a load that is on its way installs a
   * page where nobody would find it. False if one has come in, and nothing is cut.
   */
  private static boolean cutChildren(Inner inner) {
    for (int i = 0; i < inner.count(); i++) {
      if (!inner.child(i).cut()) {
        while (--i >= 0) {
          inner.child(i).mend();
        }
        return false;
      }
    }
    return true;
  }
}
