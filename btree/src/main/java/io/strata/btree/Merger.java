package io.strata.btree;

import org.jspecify.annotations.Nullable;

/**
 * Frees leaves that are empty, and merges pages that are small with a sibling, from a leaf upwards.
 * Guarded by the exclusive lock.
 *
 * <p>It uses only siblings that are in memory, for two reasons: it must not wait for the store, and
 * the keys of a freed leaf must fall into a page that is in memory, because whoever has touched
 * them relies on it. What cannot be merged today stays small, an empty leaf even stays empty, until
 * a change comes by when its siblings are there.
 */
final class Merger {
  private final LiveTree tree;

  Merger(LiveTree tree) {
    this.tree = tree;
  }

  /** Merges the path's leaf if it is small, and so on up to the root. */
  void merge(Path path) {
    Node node = path.leaf();
    for (int d = path.depth() - 1; d >= 0 && node.bytes() < tree.pageBytes / 4; d--) {
      Inner parent = path.inner(d);
      if (!merge(parent, path.index(d), node)) {
        return;
      }
      tree.ledger.changed(parent);
      node = parent;
    }
    lowerRoot();
  }

  /**
   * Frees the small child at {@code i}, or merges a sibling into it; false if neither is possible.
   */
  private boolean merge(Inner parent, int i, Node node) {
    Node left = i > 0 ? parent.child(i - 1).node() : null;
    Node right = i + 1 < parent.count() ? parent.child(i + 1).node() : null;
    if (node instanceof Leaf && node.slots.count() == 0 && (left != null || right != null)) {
      tree.ledger.left(parent.child(i));
      parent.remove(i, left == null);
      return true;
    }
    if (left != null && fits(left, node)) {
      absorb(parent, i, i - 1, join(left, parent.separator(i), node));
      return true;
    }
    if (right != null && fits(node, right)) {
      absorb(parent, i, i + 1, join(node, parent.separator(i + 1), right));
      return true;
    }
    return false;
  }

  /** Whether two pages make one that does not have to be split again soon. */
  private boolean fits(Node left, Node right) {
    return left.bytes() + right.bytes() < tree.pageBytes / 4 * 3;
  }

  private Node join(Node left, byte[] separator, Node right) {
    long epoch = tree.ledger.epoch();
    return switch (left) {
      case Leaf leaf -> new Leaf(epoch, Slots.join(leaf.slots, right.slots));
      case Inner inner -> Inner.join(epoch, inner, separator, (Inner) right);
    };
  }

  /** Puts the joined page in the place of child {@code i}, and takes its sibling out. */
  private void absorb(Inner parent, int i, int sibling, Node joined) {
    joined.use();
    tree.ledger.left(parent.child(i));
    tree.ledger.left(parent.child(sibling));
    parent.child(i, tree.link(joined));
    parent.remove(sibling, sibling < i);
  }

  /** As long as the root has only one child, and that is in memory, makes it the root. */
  private void lowerRoot() {
    @Nullable Node only = onlyChild();
    while (only != null) {
      Inner root = (Inner) tree.root().resident();
      ChildRef child = root.child(0);
      tree.ledger.left(tree.root());
      tree.root(child);
      only = onlyChild();
    }
  }

  private @Nullable Node onlyChild() {
    return tree.root().resident() instanceof Inner root && root.count() == 1
        ? root.child(0).node()
        : null;
  }
}
