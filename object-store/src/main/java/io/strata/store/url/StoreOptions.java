package io.strata.store.url;

import io.strata.store.s3.S3Settings;

/**
 * What a URL does not say about a store.
 *
 * @param s3 for stores in S3 buckets
 */
public record StoreOptions(S3Settings s3) {
  /** What suits nearly everybody. */
  public static final StoreOptions DEFAULT = new StoreOptions(S3Settings.DEFAULT);
}
