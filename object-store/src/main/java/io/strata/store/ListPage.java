package io.strata.store;

import java.util.List;

/**
 * A page of a listing.
 *
 * @param entries in ascending order of key
 * @param more whether keys after the last of these may follow
 */
public record ListPage(List<Entry> entries, boolean more) {
  public ListPage {
    entries = List.copyOf(entries);
  }

  /**
   * One object.
   *
   * @param key its key
   * @param length its length in bytes
   */
  public record Entry(ObjectKey key, long length) {}
}
