package io.strata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreContract;
import io.strata.store.StoreException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The contract on a real server. Runs if the environment names one:
 *
 * <ul>
 *   <li>{@code STRATA_TEST_S3_ENDPOINT}: its URL, as {@code dev/s3-server start} prints it;
 *   <li>{@code STRATA_TEST_S3_BUCKET}: a bucket to use; without it one is made;
 *   <li>credentials and region as for every S3 program.
 * </ul>
 */
final class S3StoreTest extends StoreContract {
  private static final @Nullable String ENDPOINT = System.getenv("STRATA_TEST_S3_ENDPOINT");
  private static final @Nullable String GIVEN_BUCKET = System.getenv("STRATA_TEST_S3_BUCKET");
  private static final ObjectKey KEY = new ObjectKey("some/object");
  private static final Body BODY = Body.of(new byte[] {1});

  private static String bucket = "";
  private final AtomicInteger stores = new AtomicInteger();
  private final String run = UUID.randomUUID().toString();

  @BeforeAll
  static void findBucket() throws Exception {
    if (ENDPOINT == null) {
      System.out.println(
          "SKIPPED S3StoreTest: STRATA_TEST_S3_ENDPOINT is not set; dev/s3-server starts a server");
    }
    assumeTrue(ENDPOINT != null, "STRATA_TEST_S3_ENDPOINT is not set");
    bucket = GIVEN_BUCKET == null ? "strata-test-" + UUID.randomUUID() : GIVEN_BUCKET;
    if (GIVEN_BUCKET == null) {
      try (S3Client client = S3Client.open(at(""), S3Settings.DEFAULT)) {
        client.requests().createBucket(r -> r.bucket(bucket)).get();
      }
    }
  }

  @Override
  protected ObjectStore open() throws StoreException {
    return S3Store.open(
        at(run + "/" + stores.incrementAndGet() + "/"),
        S3Settings.DEFAULT,
        SystemPlatform.create().clock());
  }

  @Test
  void storesOfOneBucketDoNotMeet() throws StoreException {
    try (ObjectStore one = open();
        ObjectStore other = open()) {
      one.put(KEY, BODY, Condition.ABSENT);

      assertThat(other.list("", "", 10).entries()).isEmpty();
      other.put(KEY, BODY, Condition.ABSENT);
      other.delete(List.of(KEY));
      assertThat(one.head(KEY)).contains(1L);
      one.delete(List.of(KEY));
    }
  }

  @Test
  void thousandsAreListedAndDeletedInPages() throws Exception {
    List<ObjectKey> keys =
        IntStream.range(0, 1100).mapToObj(i -> new ObjectKey("many/%04d".formatted(i))).toList();
    try (ObjectStore store = open()) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<?> put : keys.stream().map(key -> put(store, key, threads)).toList()) {
          put.get();
        }
      }

      assertThat(store.list("many/", "", 1000).more()).isTrue();
      assertThat(store.list("many/", "many/0999", 1000).entries()).hasSize(100);
      store.delete(keys);
      assertThat(store.list("", "", 1).entries()).isEmpty();
    }
  }

  @Test
  void absentBucketIsRefusedClearly() throws StoreException {
    S3Location nowhere =
        new S3Location("strata-no-such-bucket", "x/", URI.create(ENDPOINT), null, true);
    try (ObjectStore store =
        S3Store.open(nowhere, S3Settings.DEFAULT, SystemPlatform.create().clock())) {
      assertThatThrownBy(() -> store.put(KEY, BODY, Condition.ABSENT))
          .isInstanceOf(StoreException.Refused.class)
          .hasMessageContaining("there is no bucket strata-no-such-bucket at " + ENDPOINT);
      assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
          .isInstanceOf(StoreException.Refused.class);
      assertThatThrownBy(() -> store.list("", "", 1)).isInstanceOf(StoreException.Refused.class);
    }
  }

  private static Future<?> put(ObjectStore store, ObjectKey key, ExecutorService threads) {
    return threads.submit(
        () -> {
          store.put(key, BODY, Condition.NONE);
          return key;
        });
  }

  private static S3Location at(String prefix) {
    return new S3Location(bucket, prefix, URI.create(ENDPOINT), null, true);
  }
}
