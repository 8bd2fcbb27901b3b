package io.strata.replay;

import io.strata.store.StoreException;

/** What a log tells its owner unasked. Called on threads that may block, without any lock. */
public interface ReplayEvents {
  /** For an owner who does not listen. */
  ReplayEvents NONE =
      new ReplayEvents() {
        @Override
        public void fenced(ReplayFailure.Fenced failure) {}

        @Override
        public void failing(StoreException cause) {}
      };

  /** The volume has another owner; every call fails from now on. Called at most once. */
  void fenced(ReplayFailure.Fenced failure);

  /**
   * An entry of this owner and all before it are in the store: nobody had ended the log when it was
   * put.
   *
   * @param sentNanos no later than the moment when it was sent, on the platform's monotonic clock
   */
  default void stored(long sentNanos) {}

  /** The store refused an entry. It stays in memory and is sent again. */
  void failing(StoreException cause);
}
