package io.strata.store;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a prefix in the order of their keys, a page in memory at a time. Confined to one
 * thread.
 */
public final class Listing {
  private final ObjectStore store;
  private final String prefix;
  private final Deque<ListPage.Entry> page = new ArrayDeque<>();
  private String after = "";
  private boolean more = true;

  /** Lists the objects of {@code store} whose keys begin with {@code prefix}. */
  public Listing(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  /** The next object, which stays the next; null at the end. */
  public ListPage.@Nullable Entry peek() throws StoreException {
    while (page.isEmpty() && more) {
      ListPage next = store.list(prefix, after, ListPage.KEYS_MAX);
      page.addAll(next.entries());
      more = next.more();
      if (!next.entries().isEmpty()) {
        after = next.entries().getLast().key().value();
      }
    }
    return page.peek();
  }

  /** Goes on behind the object that {@link #peek} has returned. */
  public void skip() {
    page.poll();
  }

  /** Goes on to a key, and returns the length of its object, or -1 if there is none. */
  public long lengthOf(ObjectKey key) throws StoreException {
    for (ListPage.Entry next = peek(); next != null; next = peek()) {
      // As stores sort: keys are ASCII.
      int order = next.key().value().compareTo(key.value());
      if (order >= 0) {
        return order == 0 ? next.length() : -1;
      }
      page.poll();
    }
    return -1;
  }
}
