package io.strata.segment;

import io.strata.store.Nonce;

/** Where a segment log gets names for its segments. */
@FunctionalInterface
public interface NonceSource {
  /**
   * A nonce that nobody was ever given. Called under the log's lock, by any thread: it must return
   * at once.
   */
  Nonce next();
}
