package io.strata.tests.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultProxyTest {
  private static final String BODY = "0123456789";
  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final ProxyScript script = new ProxyScript();
  private final AtomicInteger served = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(ANYWHERE, 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    URI to = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    proxy = FaultProxy.start(ANYWHERE, to, script);
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    served.incrementAndGet();
    byte[] answer = body.length == 0 ? BODY.getBytes(StandardCharsets.US_ASCII) : body;
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.endpoint().getPort());
  }

  private static String request(String method, String body) {
    return "%s /a/b?c HTTP/1.1\r\nHost: some.host\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(method, body.length(), body);
  }

  /** Sends a request, and returns all that comes until the connection ends. */
  private String askOnce(String method, String body) throws IOException {
    try (Socket socket = connect()) {
      send(socket, request(method, body));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads until this text has come. */
  private static String readTo(Socket socket, String end) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  @Test
  void whatPassesIsUnchangedAndKeepsItsConnection() throws IOException {
    try (Socket socket = connect()) {
      send(socket, request("GET", ""));
      assertThat(readTo(socket, BODY)).startsWith("HTTP/1.1 200 OK");
      send(socket, request("PUT", "x".repeat(300_000) + "."));
      assertThat(readTo(socket, "x.")).startsWith("HTTP/1.1 200 OK").hasSizeGreaterThan(300_000);
    }
    assertThat(script.seen())
        .extracting(ProxyRequest::toString)
        .containsExactly("GET /a/b?c", "PUT /a/b?c");
    assertThat(script.seen().getFirst().header("Host")).isEqualTo("some.host");
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  /** Two at once: so the proxy is asked to read while the second is held back. */
  @Test
  void nothingOfARequestGoesOutBeforeItsHead() throws IOException {
    script.delay(Duration.ofMillis(100));
    try (Socket socket = connect()) {
      send(socket, request("GET", "") + request("GET", ""));
      assertThat(readTo(socket, BODY)).startsWith("HTTP/1.1 200 OK");
      assertThat(readTo(socket, BODY)).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(served).hasValue(2);
  }

  @Test
  void aDroppedRequestHasNoEffectAndNoAnswer() throws IOException {
    script.next("GET", "", ProxyFault.DROP);

    assertThat(askOnce("GET", "")).isEmpty();
    assertThat(served).hasValue(0);
  }

  @Test
  void aLostReplyHasItsEffect() throws IOException {
    script.next("PUT", "", ProxyFault.LOSE_REPLY);

    assertThat(askOnce("PUT", "bytes")).isEmpty();
    assertThat(served).hasValue(1);
  }

  @Test
  void anAnswerComesBeforeOrAfterTheEffect() throws IOException {
    script.next(
        "PUT",
        "",
        new ProxyFault.Answer(false, 503, "SlowDown", Map.of("Retry-After", "3")),
        ProxyFault.answerAfter(500, "InternalError"));
    try (Socket socket = connect()) {
      send(socket, request("PUT", "bytes"));
      assertThat(readTo(socket, "</Error>")).contains("503", "SlowDown", "Retry-After: 3");
      assertThat(served).hasValue(0);
      send(socket, request("PUT", "bytes"));
      assertThat(readTo(socket, "</Error>")).contains("500", "InternalError");
      assertThat(served).hasValue(1);
    }
  }

  @Test
  void repliesEndInTheMiddle() throws IOException {
    script.next("GET", "", new ProxyFault.CutBody(4), ProxyFault.CUT_HEADERS);

    assertThat(askOnce("GET", "")).containsIgnoringCase("content-length: 10").endsWith("\r\n0123");
    assertThat(askOnce("GET", "")).startsWith("HTTP/1.1 200").doesNotContain("\r\n\r\n");
    assertThat(served).hasValue(2);
  }

  @Test
  void anAnswerTakesTheClientsLeaveToSendAway() throws IOException {
    script.next("PUT", "", ProxyFault.answer(503, "SlowDown"));
    try (Socket socket = connect()) {
      send(
          socket,
          "PUT /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 503").doesNotContain("100 Continue");
    }
  }

  @Test
  void leaveToSendIsTheServersToGive() throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "PUT /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(readTo(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100");
      send(socket, "bytes");
      assertThat(readTo(socket, "bytes")).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void rulesHoldForWhatMatchesOnly() throws IOException {
    script.always("DELETE", "^/a", ProxyFault.answer(501, "NotImplemented"));
    script.next("GET", "^/other", ProxyFault.DROP);
    try (Socket socket = connect()) {
      for (int i = 0; i < 2; i++) {
        send(socket, request("DELETE", ""));
        assertThat(readTo(socket, "</Error>")).contains("501");
      }
      send(socket, request("GET", ""));
      assertThat(readTo(socket, BODY)).contains("200 OK");
    }
    assertThat(script.seen("DELETE", "/b")).hasSize(2);
  }

  @Test
  void refusingClosesWhatThereIsAndEndsWhereItBegan() throws IOException {
    try (Socket socket = connect()) {
      send(socket, request("GET", ""));
      readTo(socket, BODY);
      proxy.refuse();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      proxy.accept();
    }
    try (Socket again = connect()) {
      send(again, request("GET", ""));
      assertThat(readTo(again, BODY)).contains("200 OK");
    }
  }
}
