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
import io.strata.store.watch.OutageListener;
import io.strata.store.watch.StoreHealth;
import io.strata.store.watch.WatchedStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A store that is counted, watched and asked again, in this order from the bucket up: what is
 * counted is what was really sent.
 */
public final class StoreConnection implements AutoCloseable {
  private final MeteredStore metered;
  private final WatchedStore watched;
  private final RetryStore store;

  private StoreConnection(MeteredStore metered, WatchedStore watched, RetryStore store) {
    this.metered = metered;
    this.watched = watched;
    this.store = store;
  }

  /**
   * Opens the store that a URL names.
   *
   * @param patience how long to ask a store again that does not answer; null for ever
   * @throws IllegalArgumentException if {@code url} is none
   * @throws StoreException if that store cannot be used; one line says why
   */
  public static StoreConnection open(
      String url, @Nullable Duration patience, Platform platform) throws StoreException {
    ObjectStore bucket = Stores.open(url, platform, StoreOptions.DEFAULT);
    MeteredStore metered = new MeteredStore(bucket, platform.clock());
    WatchedStore watched = new WatchedStore(metered, platform);
    watched.tell(new OutageLog(bucket.location()));
    Backoff backoff = patience == null ? Backoff.FOREVER : Backoff.FOREVER.within(patience);
    return new StoreConnection(metered, watched, new RetryStore(watched, platform, backoff));
  }

  /** For whoever opens a volume. */
  public ObjectStore store() {
    return store;
  }

  /** Asks for ever from now on. */
  void persist() {
    store.persist();
  }

  /** Has outages told to a listener. */
  void tell(OutageListener listener) {
    watched.tell(listener);
  }

  /** Whether the store answers. */
  public StoreHealth health() {
    return watched.health();
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
