package io.strata.cli.demo;

/**
 * Requests to the store.
 *
 * @param puts those that write or delete
 * @param gets those that read or list
 */
record Requests(long puts, long gets) {
  static final Requests NONE = new Requests(0, 0);

  /** What came since an earlier moment. */
  Requests since(Requests earlier) {
    return new Requests(puts - earlier.puts, gets - earlier.gets);
  }
}
