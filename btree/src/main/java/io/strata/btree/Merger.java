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
      merge(parent, path.index(d), node);
      tree.ledger.changed(parent);
      node = parent;
    }
    lowerRoot();
  }

  /** Frees the small child at {@code i}, or merges a sibling into it, or does neither. */
  private void merge(Inner parent, int i, Node node) {
    Node left = i > 0 ? parent.child(i - 1).node() : null;
    Node right = i + 1 < parent.count() ? parent.child(i + 1).node() : null;
    if (node instanceof Leaf && node.slots.count() == 0 && (left != null || right != null)) {
      tree.ledger.left(parent.child(i));
      parent.remove(i, left == null);
      return;
    }
    Node joined = left == null ? null : join(left, parent.separator(i), node);
    if (joined != null) {
      absorb(parent, i, i - 1, joined);
      return;
    }
    joined = right == null ? null : join(node, parent.separator(i + 1), right);
    if (joined != null) {
      absorb(parent, i, i + 1, joined);
    }
  }

  /** One page of two, or null if it would have to be split again soon. */
  private @Nullable Node join(Node left, byte[] separator, Node right) {
    int bytesMax = tree.pageBytes / 4 * 3;
    if (left.bytes() + right.bytes() > bytesMax) {
      return null;
    }
    long epoch = tree.ledger.epoch();
    Node joined =
        switch (left) {
          case Leaf leaf -> new Leaf(epoch, Slots.join(leaf.slots, right.slots));
          case Inner inner -> Inner.join(epoch, inner, separator, (Inner) right);
        };
    // It is larger than the two where it has less of a common prefix.
    return joined.bytes() <= bytesMax ? joined : null;
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
    Node only = onlyChild();
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
