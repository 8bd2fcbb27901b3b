package io.strata.store.watch;

import org.jspecify.annotations.Nullable;

/**
 * Whether a store answers.
 *
 * @param outage the outage that lasts; null if it answers, or nobody has asked it anything
 * @param outages how many there were, this one included
 * @param lastError what the latest failed request came to; null if none has failed
 */
public record StoreHealth(@Nullable Outage outage, long outages, @Nullable String lastError) {
  /** Whether it answers, as far as is known. */
  public boolean answering() {
    return outage == null;
  }
}
