package io.strata.btree;

import io.strata.btree.format.MalformedPage;
import io.strata.btree.format.PageView;
import java.io.IOException;

/** Brings stored pages into memory. Any number of threads, none of which holds the tree's lock. */
final class PageLoader {
  /** The root may be at any level. */
  static final int ANY_LEVEL = -1;

  private final PageSource source;
  private final PageLedger ledger;

  PageLoader(PageSource source, PageLedger ledger) {
    this.source = source;
    this.ledger = ledger;
  }

  /** Reads a page, and installs it unless somebody else has or it has left the tree. */
  void load(ChildRef ref, PageAddress address, int level, KeyRange range) throws IOException {
    // Those who miss the same page wait here for the first one's read.
    synchronized (ref) {
      if (ref.node() != null) {
        return;
      }
      Node node = read(address, level, range);
      node.counted = node.footprint();
      if (ref.install(node)) {
        ledger.installed(node);
      }
    }
  }

  private Node read(PageAddress address, int level, KeyRange range) throws IOException {
    Node node;
    try {
      node = NodeCodec.decode(PageView.of(source.read(address)));
    } catch (MalformedPage e) {
      throw new DamagedPage(address, e.what(), e);
    }
    // A whole page, but that of another place, or of another time?
    if (level != ANY_LEVEL && node.level() != level) {
      throw new DamagedPage(address, "level %d instead of %d".formatted(node.level(), level), null);
    }
    if (!range.covers(node.slots)) {
      throw new DamagedPage(address, "keys outside of its parent's range", null);
    }
    return node;
  }
}
