package io.strata.fs.volume;

import io.strata.btree.PageAddress;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Mutation;
import io.strata.platform.Platform;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Brings the pages that changes are about to meet into memory, many at a time and not one after the
 * other: who follows an owner must keep up with it, and does not have in memory what it has.
 */
record PagesAhead(TreeAccess access, Platform platform) {
  private static final int LOADS_MAX = 32;

  /** A tree is not as deep; what more rounds would find was evicted meanwhile. */
  private static final int ROUNDS_MAX = 8;

  /** Returns when all pages have been in memory, or few are missing. */
  void load(Collection<Mutation> changes) throws IOException {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Collection<PageMissing> missing = access.exclusively(() -> missing(changes));
      if (missing.size() < 2) {
        return;
      }
      loadAll(missing);
    }
  }

  private Collection<PageMissing> missing(Collection<Mutation> changes) {
    Map<PageAddress, PageMissing> missing = new LinkedHashMap<>();
    for (Mutation change : changes) {
      try {
        access.state().tree().touch(change.key());
      } catch (PageMissing e) {
        missing.putIfAbsent(e.address(), e);
        if (missing.size() == LOADS_MAX) {
          break;
        }
      }
    }
    return missing.values();
  }

  private void loadAll(Collection<PageMissing> missing) throws IOException {
    List<FutureTask<Boolean>> loads = new ArrayList<>(missing.size());
    for (PageMissing page : missing) {
      FutureTask<Boolean> load =
          new FutureTask<>(
              () -> {
                page.load();
                return true;
              });
      loads.add(load);
      platform.waiting().execute(load);
    }
    try {
      for (FutureTask<Boolean> load : loads) {
        load.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while loading pages");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException why) {
        throw why;
      }
      throw new IllegalStateException("a page was not loaded", e.getCause());
    }
  }
}
