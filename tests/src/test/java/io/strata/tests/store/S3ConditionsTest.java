package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Backoff;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.retry.RetryStore;
import io.strata.store.s3.S3Settings;
import io.strata.store.s3.S3Store;
import io.strata.tests.proxy.ProxyFault;
import io.strata.tests.proxy.ProxyRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire to a real server, counted at the proxy. */
final class S3ConditionsTest {
  private static final ObjectKey KEY = new ObjectKey("log/1");
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(20));

  /** Longer than a server on a busy machine needs to say something. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private S3Lab lab;

  @BeforeEach
  void start() throws IOException {
    S3Lab.bucket();
    lab = new S3Lab(null);
  }

  @AfterEach
  void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  private static S3Settings settings(int connections, Duration silenceMax, Duration idleMax) {
    return new S3Settings(connections, silenceMax, idleMax, null);
  }

  private static S3Settings settings(int connections) {
    return S3Settings.DEFAULT.withConnections(connections);
  }

  private static void all(List<Callable<Object>> calls) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> done : threads.invokeAll(calls)) {
        done.get();
      }
    }
  }

  private static List<ObjectKey> keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ObjectKey("many/%04d".formatted(i)))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 32 << 20})
  void aCommitIsOnePutHoweverLong(int bytes) throws StoreException {
    try (S3Store store = lab.open(S3Settings.DEFAULT)) {
      new OncePut(store, S3Lab.PLATFORM).put(KEY, Body.of(new byte[bytes]));
    }

    assertThat(lab.script().seen()).hasSize(1);
    ProxyRequest put = lab.script().seen().getFirst();
    assertThat(put.method()).isEqualTo("PUT");
    assertThat(put.target()).doesNotContain("?");
    assertThat(put.header("If-None-Match")).isEqualTo("*");
    assertThat(put.header("Content-Length")).isEqualTo(String.valueOf(bytes));
  }

  @Test
  void oneAfterTheOtherTheyShareAConnection() throws StoreException {
    try (S3Store store = lab.open(S3Settings.DEFAULT)) {
      for (ObjectKey key : keys(20)) {
        store.put(key, Body.of(new byte[1000]), Condition.ABSENT);
        assertThat(store.get(key, ByteRange.ALL).remaining()).isEqualTo(1000);
      }
      store.delete(keys(20));
    }

    assertThat(lab.script().seen()).hasSize(41);
    // An answer may reach its caller just before the pool has the connection back.
    assertThat(lab.proxy().accepted()).isLessThanOrEqualTo(2);
  }

  @Test
  void noMoreConnectionsThanWereGranted() throws Exception {
    lab.script().delay(Duration.ofMillis(5));
    try (S3Store store = lab.open(settings(4))) {
      List<Callable<Object>> calls = new ArrayList<>();
      for (ObjectKey key : keys(60)) {
        calls.add(
            () -> {
              store.put(key, Body.of(new byte[100]), Condition.ABSENT);
              return store.get(key, ByteRange.ALL);
            });
      }
      all(calls);
    }

    assertThat(lab.script().seen()).hasSize(120);
    assertThat(lab.proxy().accepted()).isLessThanOrEqualTo(4);
  }

  @Test
  void idleConnectionsAreClosedBeforeTheServerDoes() throws Exception {
    Duration second = Duration.ofSeconds(1);
    try (S3Store store = lab.open(settings(4, Duration.ofMinutes(1), second))) {
      store.put(KEY, Body.of(new byte[100]), Condition.ABSENT);
      assertThat(lab.proxy().open()).isEqualTo(1);

      // The limit of the test is that of every test.
      while (lab.proxy().open() > 0) {
        Thread.sleep(50);
      }

      assertThat(store.head(KEY)).contains(100L);
    }
    assertThat(lab.proxy().accepted()).isEqualTo(2);
  }

  /** Ceph, and what stands before it, may close at any time: a request then goes out again. */
  @Test
  void connectionsThatTheServerClosedAreReplaced() throws Exception {
    try (S3Store bucket = lab.open(S3Settings.DEFAULT)) {
      RetryStore store = new RetryStore(bucket, S3Lab.PLATFORM, QUICK);
      store.put(KEY, Body.of(new byte[100]), Condition.ABSENT);
      for (int i = 0; i < 10; i++) {
        lab.proxy().closeConnections();
        assertThat(store.head(KEY)).contains(100L);
      }
    }
  }

  @Test
  void aServerThatIsAskedTooMuchIsAskedLessAndNothingFails() throws Exception {
    MeteredStore metered;
    try (S3Store bucket = lab.open(settings(16))) {
      metered = new MeteredStore(bucket, S3Lab.PLATFORM.clock());
      RetryStore store = new RetryStore(metered, S3Lab.PLATFORM, QUICK);
      OncePut puts = new OncePut(store, S3Lab.PLATFORM, QUICK);
      ProxyFault[] busy = new ProxyFault[40];
      for (int i = 0; i < busy.length; i++) {
        busy[i] = ProxyFault.answer(i % 2 == 0 ? 503 : 429, "SlowDown");
      }
      lab.script().next("PUT", "", busy).next("GET", "", busy);
      List<Callable<Object>> calls = new ArrayList<>();
      for (ObjectKey key : keys(30)) {
        calls.add(
            () -> {
              assertThat(puts.put(key, Body.of(new byte[100]))).isEqualTo(OncePut.Outcome.STORED);
              return store.get(key, ByteRange.ALL);
            });
      }
      all(calls);

      assertThat(bucket.requestsMax()).isLessThan(16);
      assertThat(metered.snapshot().throttled()).isEqualTo(80);
      assertThat(metered.snapshot().put().throttled()).isEqualTo(40);
      // It grows again as it is served.
      for (int i = 0; bucket.requestsMax() < 16 && i < 1000; i++) {
        store.head(KEY);
      }
      assertThat(bucket.requestsMax()).isEqualTo(16);
    }
  }

  @Test
  void aServerIsLeftAloneAsLongAsItAsksFor() throws Exception {
    try (S3Store bucket = lab.open(S3Settings.DEFAULT)) {
      ProxyFault busy = new ProxyFault.Answer(false, 503, "SlowDown", Map.of("Retry-After", "2"));
      lab.script().next("PUT", "", busy);
      OncePut puts = new OncePut(bucket, S3Lab.PLATFORM, QUICK);
      long began = System.nanoTime();

      assertThat(puts.put(KEY, Body.of(new byte[100]))).isEqualTo(OncePut.Outcome.STORED);

      // With these pauses it would have been back after a millisecond.
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(2_000_000_000L);
      assertThat(lab.script().seen()).hasSize(2);
    }
  }

  /** Over a link on which what the kernel has taken to send takes longer than the limit. */
  @Test
  void whatIsSlowButMovesIsNoFailure() throws Exception {
    byte[] bytes = new byte[4 << 20];
    try (S3Store store = lab.open(settings(2, SILENCE, Duration.ofSeconds(30)))) {
      lab.script()
          .next("PUT", "", new ProxyFault.Pace(512 << 10))
          .next("GET", "", new ProxyFault.Pace(512 << 10));

      store.put(KEY, Body.of(bytes), Condition.ABSENT);

      assertThat(store.get(KEY, ByteRange.ALL)).isEqualTo(ByteBuffer.wrap(bytes));
    }
    assertThat(lab.script().seen()).hasSize(2);
  }

  /** A long put asks for leave first, and waits for that answer as for any other. */
  @ParameterizedTest
  @ValueSource(ints = {100, 1 << 20})
  void whatStandsStillIsLost(int bytes) throws Exception {
    Body body = Body.of(new byte[bytes]);
    try (S3Store store = lab.open(settings(2, SILENCE, Duration.ofSeconds(30)))) {
      lab.script().next("PUT", "", ProxyFault.HANG, ProxyFault.HANG_AFTER);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> store.put(KEY, body, Condition.ABSENT))
            .isInstanceOf(StoreException.Unavailable.class)
            .hasMessageContaining("nothing came or went for");
      }

      assertThat(store.head(KEY)).contains((long) bytes);
    }
  }

  @Test
  void theBucketMayBeInThePathOrInTheHost() throws Exception {
    String bucket = S3Lab.bucket();
    int port = lab.proxy().endpoint().getPort();
    URI named = URI.create("http://%s:%d".formatted(TestHosts.DOMAIN, port));
    Body body = Body.of(new byte[] {1});
    try (S3Store inPath = lab.open(bucket, named, true, S3Settings.DEFAULT);
        S3Store inHost = lab.open(bucket, named, false, S3Settings.DEFAULT)) {
      inPath.put(KEY, body, Condition.ABSENT);

      assertThat(inHost.get(KEY, ByteRange.ALL).remaining()).isEqualTo(1);
      assertThatThrownBy(() -> inHost.put(KEY, body, Condition.ABSENT))
          .isInstanceOf(StoreException.Exists.class);
      assertThat(inHost.list("", "", 10).entries()).hasSize(1);
      inHost.delete(List.of(KEY, new ObjectKey("another")));
      assertThat(inPath.head(KEY)).isEmpty();
    }
    List<ProxyRequest> seen = lab.script().seen();
    assertThat(seen.getFirst().header("Host")).isEqualTo(TestHosts.DOMAIN + ":" + port);
    assertThat(seen.getFirst().target()).startsWith("/" + bucket + "/");
    assertThat(seen.get(1).header("Host")).isEqualTo(bucket + "." + TestHosts.DOMAIN + ":" + port);
    assertThat(seen.get(1).target()).doesNotContain(bucket).endsWith("/log/1");
  }

  @ParameterizedTest
  @ValueSource(ints = {501, 405, 400})
  void withoutBatchesItDeletesOneByOne(int status) throws Exception {
    lab.script().always("POST", "delete", ProxyFault.answer(status, "NotImplemented"));
    try (S3Store store = lab.open(S3Settings.DEFAULT)) {
      for (ObjectKey key : keys(5)) {
        store.put(key, Body.of(new byte[] {1}), Condition.ABSENT);
      }

      store.delete(keys(3));
      store.delete(keys(5));

      assertThat(store.list("", "", 10).entries()).isEmpty();
    }
    assertThat(lab.script().seen("POST", "delete")).as("asked once, and never again").hasSize(1);
    assertThat(lab.script().seen("DELETE", "many/")).hasSize(8);
  }

  @Test
  void manyAreListedAndDeletedAThousandAtATime() throws Exception {
    try (S3Store store = lab.open(S3Settings.DEFAULT)) {
      List<Callable<Object>> puts = new ArrayList<>();
      for (ObjectKey key : keys(1001)) {
        puts.add(
            () -> {
              store.put(key, Body.of(new byte[] {1}), Condition.ABSENT);
              return key;
            });
      }
      all(puts);
      lab.script().clear();

      ListPage first = store.list("many/", "", ListPage.KEYS_MAX);
      assertThat(first.entries()).hasSize(1000);
      assertThat(first.more()).isTrue();
      ListPage rest =
          store.list("many/", first.entries().getLast().key().value(), ListPage.KEYS_MAX);
      assertThat(rest.entries()).hasSize(1);
      assertThat(rest.more()).isFalse();
      store.delete(keys(1001));
    }
    assertThat(lab.script().seen("GET", "list-type=2")).hasSize(2);
    assertThat(lab.script().seen("POST", "delete")).hasSize(1);
    assertThat(lab.script().seen("DELETE", "many/1000")).hasSize(1);
  }
}
