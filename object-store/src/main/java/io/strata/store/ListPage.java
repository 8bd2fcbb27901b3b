package io.strata.store;

import java.util.List;

/**
 * A page of a listing.
 *
 * @param entries in ascending order of key
 * @param more whether keys after the last of these may follow
 */
public record ListPage(List<Entry> entries, boolean more) {
  /** The most keys that a page can be asked to have. */
  public static final int KEYS_MAX = 1000;

  public ListPage {
    entries = List.copyOf(entries);
  }

  /** Checks the size that a caller asks a store's page to have. */
  public static void checkKeysMax(int keysMax) {
    if (keysMax < 1 || keysMax > KEYS_MAX) {
      throw new IllegalArgumentException("no such page size: " + keysMax);
    }
  }

  /**
   * One object.
   *
   * @param key its key
   * @param length its length in bytes
   */
  public record Entry(ObjectKey key, long length) {}
}
