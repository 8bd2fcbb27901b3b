package io.strata.store.s3;

import io.strata.platform.Clock;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.Receiver;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects in an S3 bucket. Safe for use by any thread; call it on virtual threads. */
public final class S3Store implements ObjectStore {
  private static final int DELETE_KEYS_MAX = 1000;
  // A server may delete one after the other, from disks that turn, and says nothing meanwhile.
  private static final Duration DELETE_TIME = Duration.ofMillis(20);
  // A conditional put this big asks for leave first: better a round trip than bytes in vain.
  private static final int ASK_FIRST_BYTES = 1 << 20;

  private final S3Location location;
  private final S3Client client;
  private final S3Calls calls;
  private volatile boolean deletesInBatches = true;

  private S3Store(S3Location location, S3Client client, S3Calls calls) {
    this.location = location;
    this.client = client;
    this.calls = calls;
  }

  /**
   * Opens the store at a location. Sends no request to it.
   *
   * @param clock for how long a server wants to be left alone
   * @throws StoreException.Refused if there are no credentials, no region, or no certificates where
   *     they should be
   */
  public static S3Store open(S3Location location, S3Settings settings, Clock clock)
      throws StoreException {
    S3Client client = S3Client.open(location, settings);
    S3Calls calls = new S3Calls(new S3Errors(location), settings, clock);
    return new S3Store(location, client, calls);
  }

  /**
   * How many requests may be under way at a time now: as many as there are connections, fewer after
   * the server said that it is asked too much.
   */
  public int requestsMax() {
    return calls.windowSize();
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(name(key))
            .contentLength(body.length());
    switch (condition) {
      case NONE -> {}
      case ABSENT -> {
        request.ifNoneMatch("*");
        if (body.length() >= ASK_FIRST_BYTES) {
          request.overrideConfiguration(o -> o.putHeader("Expect", "100-continue"));
        }
      }
    }
    calls.await(
        "put",
        key,
        progress -> client.requests().putObject(request.build(), new Upload(body, progress)));
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    Collected collected = new Collected();
    get(key, range, collected);
    return collected.bytes().flip();
  }

  @Override
  public void get(ObjectKey key, ByteRange range, Receiver receiver) throws StoreException {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(location.bucket())
            .key(name(key))
            .range(header(range))
            .build();
    try {
      GetObjectResponse _ =
          calls.read(
              "get",
              key,
              progress ->
                  client.requests().getObject(request, new Download(range, receiver, progress)));
    } catch (StoreException.Refused e) {
      if (e.getCause() instanceof S3Exception answer && answer.statusCode() == 416) {
        // The range begins at or after the end.
        receiver.begin(0);
        return;
      }
      throw e;
    }
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    try {
      HeadObjectResponse response =
          calls.await(
              "head",
              key,
              _ -> client.requests().headObject(r -> r.bucket(location.bucket()).key(name(key))));
      Long length = response.contentLength();
      if (length == null) {
        throw cutOff("head " + key);
      }
      return Optional.of(length);
    } catch (StoreException.Missing e) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    List<ObjectKey> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += DELETE_KEYS_MAX) {
      List<ObjectKey> some = all.subList(from, Math.min(all.size(), from + DELETE_KEYS_MAX));
      if (some.size() == 1 || !deletesInBatches || !deleteBatch(some)) {
        for (ObjectKey key : some) {
          deleteOne(key);
        }
      }
    }
  }

  private void deleteOne(ObjectKey key) throws StoreException {
    try {
      calls.await(
          "delete",
          key,
          _ -> client.requests().deleteObject(r -> r.bucket(location.bucket()).key(name(key))));
    } catch (StoreException.Missing absent) {
      // Some servers say so; to be deleted already is no error.
      return;
    }
  }

  /** Deletes many in one request; returns false on a server that cannot. */
  private boolean deleteBatch(List<ObjectKey> keys) throws StoreException {
    List<ObjectIdentifier> names = new ArrayList<>(keys.size());
    for (ObjectKey key : keys) {
      names.add(ObjectIdentifier.builder().key(name(key)).build());
    }
    DeleteObjectsResponse response;
    try {
      response =
          calls.await(
              "delete",
              null,
              DELETE_TIME.multipliedBy(keys.size()),
              _ ->
                  client
                      .requests()
                      .deleteObjects(
                          r ->
                              r.bucket(location.bucket())
                                  .delete(d -> d.objects(names).quiet(true))));
    } catch (StoreException.Refused e) {
      if (e.getCause() instanceof S3Exception answer && means(answer.statusCode())) {
        deletesInBatches = false;
        return false;
      }
      throw e;
    }
    requireWhole("delete", response.sdkHttpResponse());
    for (S3Error error : response.errors()) {
      checkDeleted(error);
    }
    return true;
  }

  // Not known, not allowed for this kind of bucket, or wants a checksum that ours is not.
  private static boolean means(int status) {
    return status == 400 || status == 404 || status == 405 || status == 501;
  }

  private void checkDeleted(S3Error error) throws StoreException {
    String text =
        "delete %s in %s: %s %s".formatted(error.key(), location, error.code(), error.message());
    switch (error.code()) {
      case "NoSuchKey" -> {}
      case "AccessDenied" -> throw new StoreException.Refused(text, null);
      default -> throw new StoreException.Unavailable(text, null);
    }
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    ListPage.checkKeysMax(keysMax);
    List<ListPage.Entry> entries = new ArrayList<>();
    String startAfter = after.isEmpty() ? null : location.prefix() + after;
    while (true) {
      ListObjectsV2Response response = listPage(prefix, startAfter, keysMax);
      for (S3Object object : response.contents()) {
        String key = object.key().substring(location.prefix().length());
        // Others may keep things with us whose names are no keys.
        if (ObjectKey.valid(key)) {
          entries.add(new ListPage.Entry(new ObjectKey(key), object.size()));
        }
        startAfter = object.key();
      }
      boolean more = Boolean.TRUE.equals(response.isTruncated());
      if (!more || !entries.isEmpty()) {
        return new ListPage(entries, more);
      }
    }
  }

  private ListObjectsV2Response listPage(String prefix, @Nullable String startAfter, int keysMax)
      throws StoreException {
    ListObjectsV2Response response =
        calls.await(
            "list",
            null,
            _ ->
                client
                    .requests()
                    .listObjectsV2(
                        r ->
                            r.bucket(location.bucket())
                                .prefix(location.prefix() + prefix)
                                .startAfter(startAfter)
                                .maxKeys(keysMax)));
    requireWhole("list", response.sdkHttpResponse());
    return response;
  }

  /**
   * Refuses to take a reply that ended within its headers for one without a body, as the SDK does:
   * an empty list, or a batch without errors.
   */
  private void requireWhole(String verb, SdkHttpResponse reply) throws StoreException {
    if (reply.firstMatchingHeader("Content-Length").isEmpty()
        && reply.firstMatchingHeader("Transfer-Encoding").isEmpty()) {
      throw cutOff(verb);
    }
  }

  private StoreException cutOff(String what) {
    return new StoreException.Unavailable(
        "%s in %s: the answer was cut off".formatted(what, location), null);
  }

  /**
   * The time of day that the store has, as the answer to a request tells it: in whole seconds.
   *
   * @throws StoreException.Unavailable if it cannot be reached, or does not tell
   */
  public Instant serverTime() throws StoreException {
    HeadBucketResponse response =
        calls.await(
            "head", null, _ -> client.requests().headBucket(r -> r.bucket(location.bucket())));
    String date = response.sdkHttpResponse().firstMatchingHeader("Date").orElse("");
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    } catch (DateTimeException e) {
      throw new StoreException.Unavailable(
          location + " answers with no date but \"" + date + "\"", e);
    }
  }

  @Override
  public ObjectStore elsewhere(Place place) {
    S3Location there = location.elsewhere(place);
    return new S3Store(there, client, calls.told(new S3Errors(there)));
  }

  @Override
  public String location() {
    return location.toString();
  }

  @Override
  public void close() {
    client.close();
  }

  private String name(ObjectKey key) {
    return location.prefix() + key.value();
  }

  private static @Nullable String header(ByteRange range) {
    return switch (range) {
      case ByteRange.All() -> null;
      case ByteRange.Slice(long offset, long length) ->
          "bytes=" + offset + "-" + (offset + length - 1);
      case ByteRange.Suffix(long length) -> "bytes=-" + length;
    };
  }
}
