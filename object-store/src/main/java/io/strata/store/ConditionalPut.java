package io.strata.store;

/** Finds out whether a store keeps the one promise that commits are built on. */
public final class ConditionalPut {
  private ConditionalPut() {}

  /**
   * Whether the store honours {@link Condition#ABSENT}: puts an existing object once more, which
   * must be answered with {@link StoreException.Exists}.
   *
   * <p>Changes nothing, whatever the answer, because the bytes are those that are there. It cannot
   * show that the store is also atomic when several race; that is documented by its maker or not.
   *
   * @param key an object that exists
   * @param sameBytes its exact bytes
   */
  public static boolean honoured(ObjectStore store, ObjectKey key, Body sameBytes)
      throws StoreException {
    try {
      store.put(key, sameBytes, Condition.ABSENT);
      return false;
    } catch (StoreException.Exists expected) {
      return true;
    }
  }
}
