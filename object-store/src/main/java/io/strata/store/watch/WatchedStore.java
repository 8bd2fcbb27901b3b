package io.strata.store.watch;

import io.strata.platform.Platform;
import io.strata.store.Attempts;
import io.strata.store.InterceptingStore;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;

/**
 * Tells {@link OutageWatch} what becomes of each request. Belongs under the retries, so that every
 * attempt is seen. Safe for use by any thread.
 */
public final class WatchedStore extends InterceptingStore {
  private final OutageWatch watch;

  /** Watches {@code store} on the platform's clock. */
  public WatchedStore(ObjectStore store, Platform platform) {
    super(store);
    this.watch = new OutageWatch(platform);
  }

  /** Whether the store answers. */
  public StoreHealth health() {
    return watch.health();
  }

  /** Has {@code listener} told of outages instead of whoever was told before. */
  public void tell(OutageListener listener) {
    watch.tell(listener);
  }

  @Override
  protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
      throws StoreException {
    OutageWatch.Sent sent = watch.sent(verb, name);
    try {
      T answer = request.send();
      watch.answered(sent);
      return answer;
    } catch (StoreException.Unavailable e) {
      watch.failed(sent, e);
      throw e;
    } catch (StoreException e) {
      // "Missing" and "refused" are answers as well.
      watch.answered(sent);
      throw e;
    } finally {
      watch.ended(sent);
    }
  }
}
