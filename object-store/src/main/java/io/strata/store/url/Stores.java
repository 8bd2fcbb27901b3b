package io.strata.store.url;

import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.file.FileStore;
import io.strata.store.mem.MemStore;
import io.strata.store.s3.S3Settings;
import io.strata.store.s3.S3Store;

/** Opens the store that a URL names. */
public final class Stores {
  private Stores() {}

  /**
   * Opens a store. It neither counts nor retries; the usual stack is
   *
   * <pre>{@code
   * MeteredStore metered = new MeteredStore(Stores.open(url, platform, options), clock);
   * ObjectStore store = new RetryStore(metered, platform, backoff);
   * }</pre>
   *
   * <p>No request is sent: whether a bucket exists shows with the first one.
   *
   * @param url see {@link StoreUrl}
   * @throws IllegalArgumentException in one line, if {@code url} is none
   * @throws StoreException.Refused in one line, if the store cannot be used as it is
   */
  public static ObjectStore open(String url, Platform platform, StoreOptions options)
      throws StoreException {
    return switch (StoreUrl.parse(url)) {
      case StoreUrl.Folder(var path) -> FileStore.open(path, platform);
      case StoreUrl.Bucket bucket -> open(bucket, options.s3(), platform);
      case StoreUrl.Memory(var name) -> MemStore.named(name);
    };
  }

  private static ObjectStore open(StoreUrl.Bucket bucket, S3Settings options, Platform platform)
      throws StoreException {
    S3Settings settings = options;
    if (bucket.connections() != null) {
      settings = settings.withConnections(bucket.connections());
    }
    if (bucket.authorities() != null) {
      settings = settings.withAuthorities(bucket.authorities());
    }
    return S3Store.open(bucket.location(), settings, platform.clock());
  }
}
