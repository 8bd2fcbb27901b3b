package io.strata.btree;

import io.strata.btree.PageRun.Page;
import io.strata.btree.format.MalformedPage;
import io.strata.btree.format.PageView;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Brings stored pages into memory. Any number of threads, none of which holds the tree's lock. */
final class PageLoader {
  private final PageSource source;
  private final PageLedger ledger;

  /** Links whose pages somebody reads; done when that has ended, however it did. */
  private final Map<ChildRef, CompletableFuture<Void>> reading = new ConcurrentHashMap<>();

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
   *
   * @throws InterruptedIOException if the thread is interrupted while somebody else reads the page;
   *     its interrupt status is set
   */
  void load(PageRun run) throws IOException {
    ChildRef wanted = run.pages().getFirst().ref();
    while (wanted.node() == null) {
      CompletableFuture<Void> mine = new CompletableFuture<>();
      CompletableFuture<Void> first = reading.putIfAbsent(wanted, mine);
      if (first != null) {
        // Not its outcome: it may have been given up by whoever wanted it first.
        await(first);
        continue;
      }
      try {
        if (wanted.node() == null) {
          read(run);
        }
        return;
      } finally {
        reading.remove(wanted, mine);
        mine.complete(null);
      }
    }
  }

  private static void await(CompletableFuture<Void> end) throws IOException {
    try {
      end.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a page");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a read's end is no failure", e);
    }
  }

  private void read(PageRun run) throws IOException {
    Page wanted = run.pages().getFirst();
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
