package io.strata.btree;

import java.util.Arrays;

/**
 * The way from the root to the leaf of a key, for an operation that may change it. Confined to the
 * operation, under the exclusive lock.
 */
final class Path {
  private final LiveTree tree;
  private Inner[] inners = new Inner[6];
  private int[] indices = new int[6];
  private int depth;
  private Leaf leaf;

  /** Finds the way; everything on it is in memory. */
  Path(LiveTree tree, byte[] key) throws PageMissing {
    this.tree = tree;
    Node node = tree.rootNode();
    while (node instanceof Inner inner) {
      if (depth == inners.length) {
        inners = Arrays.copyOf(inners, 2 * depth);
        indices = Arrays.copyOf(indices, 2 * depth);
      }
      inners[depth] = inner;
      indices[depth] = inner.indexOf(key);
      node = tree.child(inner, indices[depth]);
      depth++;
    }
    leaf = (Leaf) node;
  }

  /** The number of inner pages on the way, the root's first. */
  int depth() {
    return depth;
  }

  Inner inner(int d) {
    return inners[d];
  }

  /** Which child of inner page {@code d} the way takes. */
  int index(int d) {
    return indices[d];
  }

  Leaf leaf() {
    return leaf;
  }

  /** Replaces all pages of earlier epochs on the way by copies that may be changed. */
  Leaf own() {
    if (tree.current(leaf)) {
      // A page of this epoch has parents of this epoch.
      return leaf;
    }
    for (int d = 0; d < depth; d++) {
      if (!tree.current(inners[d])) {
        inners[d] = (Inner) copy(d, inners[d]);
      }
    }
    leaf = (Leaf) copy(depth, leaf);
    return leaf;
  }

  /** Puts a copy of the page at depth {@code d} into its parent, which may be changed already. */
  private Node copy(int d, Node node) {
    Node copy = node.copy(tree.ledger.epoch());
    copy.use();
    ChildRef link = tree.link(copy);
    if (d == 0) {
      tree.ledger.left(tree.root());
      tree.root(link);
    } else {
      Inner parent = inners[d - 1];
      int i = indices[d - 1];
      tree.ledger.left(parent.child(i));
      parent.child(i, link);
    }
    return copy;
  }
}
