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

  /** Evicts until no more than {@code goal} bytes are left, or nothing can go, or it takes long. */
  void run(long goal) {
    residentGoal = goal;
    links = LINKS_MAX;
    if (!(tree.root().node() instanceof Inner root)) {
      return;
    }
    // From the hand to the end, then twice around: marks are taken, leaves go, inner pages go.
    for (int round = 0; round < 4 && !done(); round++) {
      byte[] from = hand;
      hand = null;
      sweep(root, from);
    }
  }

  private boolean done() {
    return links <= 0 || tree.ledger.residentBytes() + tree.ledger.heldBytes() <= residentGoal;
  }

  /**
   * Looks at the children from a key on. False if it stopped among them; the hand is then at the
   * next one, unless the last was the last.
   */
  private boolean sweep(Inner inner, byte @Nullable [] from) {
    int first = from == null ? 0 : inner.indexOf(from);
    for (int i = first; i < inner.count(); i++) {
      links--;
      ChildRef ref = inner.child(i);
      Node node = ref.node();
      boolean through = true;
      if (node != null) {
        through = !(node instanceof Inner child) || sweep(child, i == first ? from : null);
        if (through && ref.address() != null && !node.takeUsed()) {
          evict(ref, node);
        }
      }
      if (!through || done()) {
        if (hand == null && i + 1 < inner.count()) {
          hand = inner.separator(i + 1);
        }
        return false;
      }
    }
    return true;
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
