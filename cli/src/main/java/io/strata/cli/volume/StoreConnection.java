package io.strata.cli.volume;

import io.strata.platform.Platform;
import io.strata.store.Backoff;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import io.strata.store.retry.RetryStore;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import java.time.Duration;

/**
 * A store that is counted and asked again, in this order from the bucket up: what is counted is
 * what was really sent.
 */
public final class StoreConnection implements AutoCloseable {
  private final MeteredStore metered;
  private final ObjectStore store;

  private StoreConnection(MeteredStore metered, ObjectStore store) {
    this.metered = metered;
    this.store = store;
  }

  /**
   * Opens the store that a URL names.
   *
   * @param patience how long to ask a store again that does not answer
   * @throws IllegalArgumentException if {@code url} is none
   * @throws StoreException if that store cannot be used; one line says why
   */
  public static StoreConnection open(String url, Duration patience, Platform platform)
      throws StoreException {
    ObjectStore bucket = Stores.open(url, platform, StoreOptions.DEFAULT);
    MeteredStore metered = new MeteredStore(bucket, platform.clock());
    return new StoreConnection(
        metered, new RetryStore(metered, platform, Backoff.FOREVER.within(patience)));
  }

  /** For whoever opens a volume. */
  public ObjectStore store() {
    return store;
  }

  /** What was asked so far. */
  public StoreStats statistics() {
    return metered.snapshot();
  }

  @Override
  public void close() {
    store.close();
  }
}
