package io.strata.checkpoint;

import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Deletes a volume for good: all that has a name of Strata's, and nothing else that may be there.
 *
 * <p>The heads go first, the newest last of them, so that nobody ever opens an older state by
 * mistake; without a head it is no volume any more. The descriptor goes last of all: while it is
 * there, an end that was interrupted can be brought about by doing it again.
 */
public final class Removal {
  private Removal() {}

  /**
   * Deletes everything, a thousand objects with a request. Nobody may own the volume but the caller.
   *
   * @param progress is told how many objects are gone
   */
  public static void run(ObjectStore store, LongConsumer progress) throws StoreException {
    long gone = 0;
    for (String prefix :
        List.of(
            ObjectNames.HEADS, ObjectNames.LOGS, ObjectNames.SEGMENTS, ObjectNames.PACKS)) {
      String after = "";
      ListPage page;
      do {
        page = store.list(prefix, after, ListPage.KEYS_MAX);
        List<ObjectKey> keys = page.entries().stream().map(ListPage.Entry::key).toList();
        if (keys.isEmpty()) {
          break;
        }
        after = keys.getLast().value();
        // In ascending order: of several requests' worth of heads, the newest are in the last.
        delete(store, keys, prefix.equals(ObjectNames.HEADS) && !page.more());
        gone += keys.size();
        progress.accept(gone);
      } while (page.more());
    }
    store.delete(List.of(ObjectNames.VOLUME));
  }

  private static void delete(ObjectStore store, List<ObjectKey> keys, boolean newestLast)
      throws StoreException {
    if (!newestLast) {
      store.delete(keys);
      return;
    }
    ObjectKey newest = null;
    for (ObjectKey key : keys) {
      newest = key.value().startsWith(ObjectNames.STANDBYS) ? newest : key;
    }
    ObjectKey last = newest;
    List<ObjectKey> others = keys.stream().filter(key -> !key.equals(last)).toList();
    if (!others.isEmpty()) {
      store.delete(others);
    }
    if (last != null) {
      store.delete(List.of(last));
    }
  }
}
