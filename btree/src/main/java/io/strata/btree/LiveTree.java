package io.strata.btree;

import io.strata.btree.format.PageCodec;
import org.jspecify.annotations.Nullable;

/** The tree's root, and what those share who read and change what hangs from it. */
final class LiveTree {
  final PageLedger ledger;
  final PageLoader loader;
  final SparePages spares;

  /** The size above which a page is split, less the header. */
  final int pageBytes;

  private ChildRef root;

  /** A tree of one epoch; its root, if that is in memory, is not counted yet. */
  LiveTree(ChildRef root, PageSource source, TreeSizes sizes, SparePages spares) {
    this.root = root;
    this.spares = spares;
    ledger = new PageLedger();
    loader = new PageLoader(source, ledger);
    pageBytes = sizes.pageBytes() - PageCodec.HEADER_BYTES;
  }

  ChildRef root() {
    return root;
  }

  void root(ChildRef ref) {
    root = ref;
  }

  /** The root's page. */
  Node rootNode() throws PageMissing {
    Node node = root.node();
    if (node == null) {
      node = spare(root, KeyRange.ALL);
    }
    if (node == null) {
      throw new PageMissing(loader, PageRun.root(root));
    }
    node.use();
    return node;
  }

  /** A child's page. */
  Node child(Inner parent, int i) throws PageMissing {
    Node node = parent.child(i).node();
    if (node == null) {
      node = spare(parent.child(i), parent.range(i));
    }
    if (node == null) {
      throw new PageMissing(loader, PageRun.from(parent, i));
    }
    node.use();
    return node;
  }

  private @Nullable Node spare(ChildRef ref, KeyRange range) {
    spares.install(ref, range, ledger);
    return ref.node();
  }

  /** The leaf whose range a key is in. */
  Leaf leaf(byte[] key) throws PageMissing {
    Node node = rootNode();
    while (node instanceof Inner inner) {
      node = child(inner, inner.indexOf(key));
    }
    return (Leaf) node;
  }

  /** Whether a page may be changed in place. */
  boolean current(Node node) {
    return node.epoch == ledger.epoch();
  }

  /** A link to a page that is new in the tree. */
  ChildRef link(Node node) {
    ledger.changed(node);
    return new ChildRef(node);
  }
}
