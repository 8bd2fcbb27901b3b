package io.strata.btree;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stored pages that another tree had in memory and that a tree of a later root may still have: each
 * waits here until that tree comes to its address, and is then not read again. Safe for any thread.
 */
final class SparePages {
  /** In the order in which they are let go: what nobody has used for longest first. */
  private final Map<PageAddress, Node> pages = new LinkedHashMap<>();

  private volatile long bytes;

  /** None. */
  SparePages() {}

  /** All stored pages that a tree has in memory, its own spare ones included. */
  static SparePages of(LiveTree tree) {
    SparePages spares = new SparePages();
    tree.spares.giveTo(spares);
    spares.addAll(tree.root());
    return spares;
  }

  private synchronized void giveTo(SparePages others) {
    pages.forEach(others::add);
  }

  private void addAll(ChildRef ref) {
    Node node = ref.node();
    if (node == null) {
      return;
    }
    PageAddress address = ref.address();
    if (address != null) {
      add(address, node);
    }
    if (node instanceof Inner inner) {
      for (int i = 0; i < inner.count(); i++) {
        addAll(inner.child(i));
      }
    }
  }

  private synchronized void add(PageAddress address, Node node) {
    if (pages.putIfAbsent(address, node) == null) {
      bytes += node.footprint();
    }
  }

  /** The memory of what waits, in bytes. */
  long bytes() {
    return bytes;
  }

  /** Puts the page of a link in, if it is here; the link's address is not changed meanwhile. */
  void install(ChildRef ref, KeyRange range, PageLedger ledger) {
    if (bytes == 0) {
      return;
    }
    synchronized (this) {
      PageAddress address = ref.address();
      Node spare = address == null ? null : pages.remove(address);
      if (spare == null) {
        return;
      }
      bytes -= spare.footprint();
      Node loaded = spare.reloaded(range);
      loaded.counted = loaded.footprint();
      if (ref.install(loaded)) {
        ledger.installed(loaded);
      }
    }
  }

  /** Lets pages go until no more than {@code bytesMax} are left. */
  void shrink(long bytesMax) {
    if (bytes <= Math.max(0, bytesMax)) {
      return;
    }
    synchronized (this) {
      Iterator<Node> oldest = pages.values().iterator();
      while (bytes > bytesMax && oldest.hasNext()) {
        bytes -= oldest.next().footprint();
        oldest.remove();
      }
    }
  }
}
