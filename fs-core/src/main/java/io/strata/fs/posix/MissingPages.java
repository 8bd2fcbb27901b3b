package io.strata.fs.posix;

import io.strata.btree.PageAddress;
import io.strata.btree.PageMissing;
import io.strata.fs.Engine;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages of the tree that one run of a query found missing, gathered so that they are loaded at the
 * same time and not one after the other. Confined to one thread.
 */
final class MissingPages {
  /** Pages that are loaded at the same time; the rest is met again. */
  private static final int LOADS_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(MissingPages.class);

  private final Map<PageAddress, PageMissing> pages = new LinkedHashMap<>();

  void add(PageMissing page) {
    if (pages.size() < LOADS_MAX) {
      pages.putIfAbsent(page.address(), page);
    }
  }

  /** Begins to load all pages. Whoever needs one meanwhile joins its load. */
  void loadThrough(Engine engine) {
    pages.values().forEach(page -> engine.background(() -> load(page)));
  }

  private static void load(PageMissing page) {
    try {
      page.load();
    } catch (IOException e) {
      // Whoever needs the page meets the same and is told.
      LOG.debug("page {} is not loaded ahead: {}", page.address(), e.getMessage());
    }
  }
}
