package io.strata.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that gives the answers it was told, in order, and notes what it was asked. */
final class FakeS3Server implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** What a request was. */
  record Asked(String line, Map<String, List<String>> headers) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> String.join(",", header.getValue()))
          .findFirst()
          .orElse("");
    }
  }

  /**
   * What to answer.
   *
   * @param bytesLost how many bytes of the body are announced but never sent
   */
  record Answer(int status, Map<String, String> headers, String body, int bytesLost) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), "", 0);
    }

    static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body, 0);
    }

    /** An error as S3 servers word it. */
    static Answer error(int status, String code) {
      return of(
          status, "<Error><Code>%s</Code><Message>for a test</Message></Error>".formatted(code));
    }
  }

  FakeS3Server() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void willAnswer(Answer... next) {
    synchronized (answers) {
      answers.addAll(List.of(next));
    }
  }

  List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Answer answer;
    synchronized (answers) {
      Answer next = answers.poll();
      answer = next == null ? Answer.error(500, "NothingMoreToSay") : next;
    }
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    asked.add(
        new Asked(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            Map.copyOf(exchange.getRequestHeaders())));
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    long announced = body.length + (long) answer.bytesLost();
    exchange.sendResponseHeaders(answer.status(), announced == 0 ? -1 : announced);
    if (announced > 0) {
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
    }
    exchange.close();
  }
}
