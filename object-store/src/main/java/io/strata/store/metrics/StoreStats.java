package io.strata.store.metrics;

/**
 * What a store was asked, by verb.
 *
 * @param put whole objects stored
 * @param get objects or parts of them read
 * @param head lengths asked
 * @param delete calls that delete one or many
 * @param list pages listed
 */
public record StoreStats(
    VerbStats put, VerbStats get, VerbStats head, VerbStats delete, VerbStats list) {

  /** How many puts. */
  public long puts() {
    return put.requests();
  }

  /** How many gets. */
  public long gets() {
    return get.requests();
  }

  /** How many heads. */
  public long heads() {
    return head.requests();
  }

  /** How many deletes. */
  public long deletes() {
    return delete.requests();
  }

  /** How many pages of lists. */
  public long lists() {
    return list.requests();
  }

  /** How many requests of any kind. */
  public long requests() {
    return puts() + gets() + heads() + deletes() + lists();
  }

  /** How many requests of any kind failed. */
  public long errors() {
    return put.errors() + get.errors() + head.errors() + delete.errors() + list.errors();
  }

  /** How many requests of any kind were answered that the store is asked too much. */
  public long throttled() {
    return put.throttled()
        + get.throttled()
        + head.throttled()
        + delete.throttled()
        + list.throttled();
  }

  /** Bytes of objects sent. */
  public long bytesPut() {
    return put.bytes();
  }

  /** Bytes of objects received. */
  public long bytesGot() {
    return get.bytes();
  }

  /** What was asked after {@code earlier} was taken from the same store. */
  public StoreStats since(StoreStats earlier) {
    return new StoreStats(
        put.since(earlier.put),
        get.since(earlier.get),
        head.since(earlier.head),
        delete.since(earlier.delete),
        list.since(earlier.list));
  }
}
