package io.strata.btree;

import io.strata.btree.PageRun.Page;
import io.strata.btree.format.MalformedPage;
import io.strata.btree.format.PageView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Brings stored pages into memory. Any number of threads, none of which holds the tree's lock. */
final class PageLoader {
  private final PageSource source;
  private final PageLedger ledger;

  PageLoader(PageSource source, PageLedger ledger) {
    this.source = source;
    this.ledger = ledger;
  }

  PageSource source() {
    return source;
  }

  /**
   * Reads a run's first page and what comes along with it, and installs them, except where somebody
   * else has or the page has left the tree.
   */
  void load(PageRun run) throws IOException {
    Page wanted = run.pages().getFirst();
    // Those who miss the same page wait here for the first one's read.
    synchronized (wanted.ref()) {
      if (wanted.ref().node() != null) {
        return;
      }
      List<ByteBuffer> stored;
      Node node;
      try {
        stored = source.readAhead(run.pages().stream().map(Page::address).toList());
        node = decode(wanted, run.level(), stored.getFirst());
      } catch (IOException e) {
        if (wanted.ref().node() != null) {
          // It has left the tree meanwhile, and may be gone from the store: nobody wants it.
          return;
        }
        throw e;
      }
      node.use();
      install(wanted, node);
      for (int i = 1; i < stored.size(); i++) {
        Page next = run.pages().get(i);
        try {
          install(next, decode(next, run.level(), stored.get(i)));
        } catch (DamagedPage notWanted) {
          // Whoever needs this one will read it, and get the error.
          return;
        }
      }
    }
  }

  private void install(Page page, Node node) {
    node.counted = node.footprint();
    if (page.ref().install(node)) {
      ledger.installed(node);
    }
  }

  private static Node decode(Page page, int level, ByteBuffer stored) throws DamagedPage {
    Node node;
    try {
      node = NodeCodec.decode(PageView.of(stored), page.range());
    } catch (MalformedPage e) {
      throw new DamagedPage(page.address(), e.what(), e);
    }
    // It is a whole page, but is it this one, and of this time?
    if (level != PageRun.ANY_LEVEL && node.level() != level) {
      throw new DamagedPage(
          page.address(), "level %d instead of %d".formatted(node.level(), level), null);
    }
    if (!page.range().covers(node.slots)) {
      throw new DamagedPage(page.address(), "keys that belong to other pages", null);
    }
    return node;
  }
}
