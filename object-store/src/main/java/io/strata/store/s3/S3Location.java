package io.strata.store.s3;

import io.strata.store.ObjectKey;
import io.strata.store.Place;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in the world of S3 a store is.
 *
 * @param bucket the bucket's name
 * @param prefix what the names of all objects start with: empty, or a path that ends in a slash
 * @param endpoint the server, http or https; null for AWS itself
 * @param region the region; null for the one that the environment or the AWS profile names
 * @param pathStyle whether the bucket's name goes into the path instead of the host name, as most
 *     servers other than AWS want it
 */
public record S3Location(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    @Nullable String region,
    boolean pathStyle) {
  private static final Pattern BUCKET =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");

  public S3Location {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("\"" + bucket + "\" cannot be the name of a bucket");
    }
    if (!prefix.isEmpty() && !isFolder(prefix)) {
      throw new IllegalArgumentException("\"" + prefix + "\" cannot be the prefix of a store");
    }
    if (endpoint != null && (!isHttp(endpoint) || endpoint.getHost() == null)) {
      throw new IllegalArgumentException(
          "endpoint \"" + endpoint + "\" must be like https://host or http://host:port");
    }
  }

  private static boolean isFolder(String prefix) {
    return prefix.endsWith("/") && ObjectKey.valid(prefix.substring(0, prefix.length() - 1));
  }

  private static boolean isHttp(URI endpoint) {
    return "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
  }

  /** Whether the server is spoken to over TLS. */
  boolean isHttps() {
    return endpoint == null || "https".equals(endpoint.getScheme());
  }

  /** Another place in the same bucket. */
  S3Location elsewhere(Place place) {
    return new S3Location(bucket, place.from(prefix) + "/", endpoint, region, pathStyle);
  }

  /** As a person would write it. */
  @Override
  public String toString() {
    String path = prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1);
    return "s3://" + bucket + path;
  }
}
