package io.strata.store.watch;

import java.time.Duration;

/**
 * Learns of outages, once at the beginning and once at the end of each. Called on threads that may
 * block, without any lock; an end never comes before its beginning.
 */
public interface OutageListener {
  /** The store does not answer. */
  void began(Outage outage);

  /** It has answered. */
  void ended(Outage outage, Duration lasted);
}
