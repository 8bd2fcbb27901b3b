package io.strata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.s3.FakeS3Server.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers may answer, and what it must mean here; no real server is needed. */
final class S3AnswersTest {
  private static final ObjectKey KEY = new ObjectKey("head/1");
  private static final Body BODY = Body.of(new byte[100]);
  private static final Map<String, String> CREDENTIALS =
      Map.of("aws.accessKeyId", "test", "aws.secretAccessKey", "test");

  private FakeS3Server server;
  private ObjectStore store;

  @BeforeAll
  static void giveCredentials() {
    CREDENTIALS.forEach(System::setProperty);
  }

  @AfterAll
  static void takeCredentials() {
    CREDENTIALS.keySet().forEach(System::clearProperty);
  }

  @BeforeEach
  void start() throws IOException {
    server = new FakeS3Server();
    S3Location location =
        new S3Location("bucket", "a/prefix/", server.endpoint(), "some-region", true);
    store =
        S3Store.open(
            location,
            new S3Settings(4, Duration.ofSeconds(5), Duration.ofSeconds(30), null),
            SystemPlatform.create().clock());
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "412, PreconditionFailed, Exists",
    "409, ConditionalRequestConflict, Unavailable",
    "500, InternalError, Unavailable",
    "502, BadGateway, Unavailable",
    "503, SlowDown, Throttled",
    "429, TooManyRequests, Throttled",
    "408, RequestTimeout, Unavailable",
    "400, RequestTimeout, Unavailable",
    "400, InvalidArgument, Refused",
    "400, ExpiredToken, Refused",
    "403, RequestTimeTooSkewed, Refused",
    "403, AccessDenied, Refused",
    "401, Unauthorized, Refused",
    "301, PermanentRedirect, Refused",
    "404, NoSuchBucket, Refused",
    "501, NotImplemented, Refused",
  })
  void conditionalPutFailsAs(int status, String code, String expected) {
    server.willAnswer(Answer.error(status, code));

    Throwable failure = catchThrowable(() -> store.put(KEY, BODY, Condition.ABSENT));

    assertThat(failure).isInstanceOf(StoreException.class);
    assertThat(failure.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(failure.getMessage()).contains("bucket").doesNotContain("\n");
    assertThat(server.asked()).as("one request, never sent again").hasSize(1);
  }

  @Test
  void conditionalPutIsOnePlainPut() throws StoreException {
    server.willAnswer(Answer.of(200));

    store.put(KEY, BODY, Condition.ABSENT);

    FakeS3Server.Asked put = server.asked().getFirst();
    assertThat(put.line()).isEqualTo("PUT /bucket/a/prefix/head/1");
    assertThat(put.header("If-None-Match")).isEqualTo("*");
    assertThat(put.header("Content-Length")).isEqualTo("100");
    assertThat(put.header("Expect")).isEmpty();
    assertThat(put.headers().keySet())
        .as("no checksums that some servers do not know")
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("checksum"));
  }

  @Test
  void unconditionalPutHasNoCondition() throws StoreException {
    server.willAnswer(Answer.of(200));

    store.put(KEY, BODY, Condition.NONE);

    assertThat(server.asked().getFirst().header("If-None-Match")).isEmpty();
  }

  @Test
  void bigConditionalPutAsksFirst() throws StoreException {
    server.willAnswer(Answer.of(200));

    store.put(KEY, Body.of(new byte[3 << 20]), Condition.ABSENT);

    assertThat(server.asked().getFirst().header("Expect")).isEqualTo("100-continue");
  }

  @Test
  void absentObjectAndAbsentBucketAreTold() {
    server.willAnswer(Answer.error(404, "NoSuchKey"), Answer.error(404, "NoSuchBucket"));

    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class);
    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("there is no bucket bucket at " + server.endpoint());
  }

  @Test
  void rangesAreAskedFor() throws StoreException {
    server.willAnswer(
        new Answer(206, Map.of("Content-Range", "bytes 3-6/10"), "3456", 0),
        new Answer(206, Map.of("Content-Range", "bytes 8-9/10"), "89", 0),
        Answer.error(416, "InvalidRange"));

    assertThat(text(store.get(KEY, new ByteRange.Slice(3, 4)))).isEqualTo("3456");
    assertThat(text(store.get(KEY, new ByteRange.Suffix(2)))).isEqualTo("89");
    assertThat(text(store.get(KEY, new ByteRange.Slice(10, 1)))).isEmpty();
    assertThat(server.asked())
        .extracting(asked -> asked.header("Range"))
        .containsExactly("bytes=3-6", "bytes=-2", "bytes=10-10");
  }

  @Test
  void serverMayIgnoreRanges() throws StoreException {
    server.willAnswer(
        Answer.of(200, "0123456789"), Answer.of(200, "0123456789"), Answer.of(200, "0123456789"));
    ByteBuffer received = ByteBuffer.allocate(10);

    store.get(KEY, new ByteRange.Slice(3, 4), length -> received.limit(length)::put);

    assertThat(text(received.flip())).isEqualTo("3456");
    assertThat(text(store.get(KEY, new ByteRange.Slice(3, 4)))).isEqualTo("3456");
    assertThat(text(store.get(KEY, new ByteRange.Suffix(2)))).isEqualTo("89");
  }

  @Test
  void bodyThatIsCutOffIsNoBody() {
    server.willAnswer(
        new Answer(200, Map.of(), "0123456789", 5), new Answer(200, Map.of(), "0123456789", 5));

    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
        .isInstanceOf(StoreException.Unavailable.class);
    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL, length -> bytes -> {}))
        .isInstanceOf(StoreException.Unavailable.class);
  }

  @Test
  void serverThatIsNotThereIsUnavailable() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }

    assertThat(headAt(port))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("Connection refused");
  }

  @Test
  void headTellsAbsentFromForbidden() throws StoreException {
    server.willAnswer(Answer.of(404), Answer.of(403), Answer.of(503));

    assertThat(store.head(KEY)).isEmpty();
    assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(StoreException.Refused.class);
    assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(StoreException.Unavailable.class);
  }

  @Test
  void serverWithoutBatchesIsAskedOnlyOnce() throws StoreException {
    List<ObjectKey> keys = List.of(KEY, new ObjectKey("head/2"));
    server.willAnswer(
        Answer.error(501, "NotImplemented"),
        Answer.of(204),
        Answer.error(404, "NoSuchKey"),
        Answer.of(204),
        Answer.of(204));

    store.delete(keys);
    store.delete(keys);

    assertThat(server.asked())
        .extracting(FakeS3Server.Asked::line)
        .containsExactly(
            "POST /bucket?delete",
            "DELETE /bucket/a/prefix/head/1",
            "DELETE /bucket/a/prefix/head/2",
            "DELETE /bucket/a/prefix/head/1",
            "DELETE /bucket/a/prefix/head/2");
  }

  @ParameterizedTest
  @CsvSource({"AccessDenied, Refused", "InternalError, Unavailable"})
  void batchThatDeletedNotAllFails(String code, String expected) {
    server.willAnswer(
        Answer.of(
            200,
            "<DeleteResult><Error><Key>a/prefix/head/1</Key><Code>%s</Code></Error></DeleteResult>"
                .formatted(code)));

    Throwable failure = catchThrowable(() -> store.delete(List.of(KEY, new ObjectKey("head/2"))));

    assertThat(failure.getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void listPassesOverNamesThatAreNoKeys() throws StoreException {
    server.willAnswer(
        Answer.of(200, listing(true, "a/prefix/head/", "a/prefix/head/not a key")),
        Answer.of(200, listing(false, "a/prefix/head/1")));

    ListPage page = store.list("head/", "head", 2);

    assertThat(page).isEqualTo(new ListPage(List.of(new ListPage.Entry(KEY, 7)), false));
    assertThat(server.asked().getFirst().line())
        .contains("list-type=2", "prefix=a%2Fprefix%2Fhead%2F", "start-after=a%2Fprefix%2Fhead")
        .contains("max-keys=2");
    assertThat(server.asked().getLast().line()).contains("start-after=a%2Fprefix%2Fhead%2Fnot");
  }

  @Test
  void waitingCallCanBeInterrupted() throws InterruptedException, IOException {
    CountDownLatch accepted = new CountDownLatch(1);
    try (ServerSocket silent = new ServerSocket(0)) {
      Thread listening =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket connection = silent.accept()) {
                      accepted.countDown();
                      connection.getInputStream().readAllBytes();
                    } catch (IOException e) {
                      accepted.countDown();
                    }
                  });
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread calling = Thread.ofVirtual().start(() -> failure.set(headAt(silent.getLocalPort())));
      assertThat(accepted.await(30, TimeUnit.SECONDS)).isTrue();

      calling.interrupt();

      assertThat(calling.join(Duration.ofSeconds(4))).as("sooner than any timeout").isTrue();
      assertThat(failure.get()).isInstanceOf(StoreException.Unavailable.class);
      assertThat(listening.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static Throwable headAt(int port) {
    S3Location location =
        new S3Location("bucket", "", URI.create("http://127.0.0.1:" + port), "r", true);
    return catchThrowable(
        () -> {
          try (ObjectStore silent =
              S3Store.open(location, S3Settings.DEFAULT, SystemPlatform.create().clock())) {
            silent.head(KEY);
          }
        });
  }

  private static String listing(boolean truncated, String... names) {
    StringBuilder contents = new StringBuilder();
    for (String name : names) {
      contents.append("<Contents><Key>%s</Key><Size>7</Size></Contents>".formatted(name));
    }
    return "<ListBucketResult><IsTruncated>%s</IsTruncated>%s</ListBucketResult>"
        .formatted(truncated, contents);
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.US_ASCII.decode(bytes).toString();
  }
}
