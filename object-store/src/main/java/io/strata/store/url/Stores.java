package io.strata.store.url;

import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.file.FileStore;
import io.strata.store.mem.MemStore;
import io.strata.store.s3.S3Settings;
import io.strata.store.s3.S3Store;
import java.util.Objects;

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

  /**
   * Where the store that one URL names is, seen from that of another.
   *
   * @throws IllegalArgumentException in one line, if they are not in the same bucket, or one is in the
   *     other
   * @throws StoreException.Refused if a folder on the way cannot be read
   */
  public static Place place(String from, String to) throws StoreException {
    StoreUrl start = StoreUrl.parse(from);
    StoreUrl end = StoreUrl.parse(to);
    if (start instanceof StoreUrl.Folder(var one) && end instanceof StoreUrl.Folder(var other)) {
      return Place.between(FileStore.real(one).toString(), FileStore.real(other).toString());
    }
    if (start instanceof StoreUrl.Memory(var one) && end instanceof StoreUrl.Memory(var other)) {
      return Place.between(one, other);
    }
    if (start instanceof StoreUrl.Bucket one
        && end instanceof StoreUrl.Bucket other
        && one.location().bucket().equals(other.location().bucket())
        && Objects.equals(one.location().endpoint(), other.location().endpoint())) {
      return Place.between(one.location().prefix(), other.location().prefix());
    }
    throw new IllegalArgumentException(
        to + " is not in the same bucket as " + from + ", and nothing is shared between buckets");
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
