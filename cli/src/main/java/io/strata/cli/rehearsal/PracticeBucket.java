package io.strata.cli.rehearsal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An S3 bucket in memory, on a port of this machine: as much of the protocol as {@link
 * io.strata.store.s3.S3Store} speaks, for it to be run before there is a server. It believes whatever
 * it is told; nothing but a rehearsal may use it. Safe for use by any thread.
 */
final class PracticeBucket implements AutoCloseable {
  private static final String NAME = "rehearsal";
  private static final Pattern DELETED = Pattern.compile("<Key>([^<]*)</Key>");

  private final MemStore objects = new MemStore();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private PracticeBucket(HttpServer server) {
    this.server = server;
  }

  static PracticeBucket open() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    PracticeBucket bucket = new PracticeBucket(server);
    server.setExecutor(bucket.threads);
    server.createContext("/", bucket::answer);
    server.start();
    return bucket;
  }

  /** A place in it for a volume. */
  String url() {
    InetSocketAddress address = server.getAddress();
    return "s3://%s/volume?endpoint=http://%s:%d"
        .formatted(NAME, address.getAddress().getHostAddress(), address.getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange, exchange.getRequestURI().getPath().substring(1 + NAME.length()));
      } catch (StoreException.Missing e) {
        refuse(exchange, 404, "NoSuchKey");
      } catch (StoreException.Exists e) {
        refuse(exchange, 412, "PreconditionFailed");
      }
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    boolean wholeBucket = path.length() <= 1;
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        boolean absent = exchange.getRequestHeaders().containsKey("If-None-Match");
        objects.put(key(path), Body.of(body), absent ? Condition.ABSENT : Condition.NONE);
        exchange.getResponseHeaders().set("ETag", "\"0\"");
        exchange.sendResponseHeaders(200, -1);
      }
      case "GET" -> {
        if (wholeBucket) {
          list(exchange);
        } else {
          get(exchange, key(path));
        }
      }
      case "HEAD" -> {
        Optional<Long> length = wholeBucket ? Optional.of(0L) : objects.head(key(path));
        length.ifPresent(
            bytes -> exchange.getResponseHeaders().set("Content-Length", Long.toString(bytes)));
        exchange.sendResponseHeaders(length.isPresent() ? 200 : 404, -1);
      }
      case "DELETE" -> {
        objects.delete(List.of(key(path)));
        exchange.sendResponseHeaders(204, -1);
      }
      case "POST" -> {
        List<ObjectKey> keys = new ArrayList<>();
        Matcher names = DELETED.matcher(new String(body, StandardCharsets.UTF_8));
        while (names.find()) {
          keys.add(new ObjectKey(names.group(1)));
        }
        objects.delete(keys);
        send(exchange, 200, "<DeleteResult/>");
      }
      default -> refuse(exchange, 405, "MethodNotAllowed");
    }
  }

  private void get(HttpExchange exchange, ObjectKey key) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    ByteRange range = range(asked);
    ByteBuffer bytes = objects.get(key, range);
    if (asked != null) {
      long length = objects.head(key).orElse(0L);
      long first = range.start(length);
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(first, first + bytes.remaining() - 1, length));
    }
    exchange.sendResponseHeaders(
        asked == null ? 200 : 206, bytes.hasRemaining() ? bytes.remaining() : -1);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
  }

  private static ByteRange range(@Nullable String asked) {
    if (asked == null) {
      return ByteRange.ALL;
    }
    String bounds = asked.substring("bytes=".length());
    int dash = bounds.indexOf('-');
    long end = Long.parseLong(bounds.substring(dash + 1));
    if (dash == 0) {
      return new ByteRange.Suffix(end);
    }
    long first = Long.parseLong(bounds.substring(0, dash));
    return new ByteRange.Slice(first, end + 1 - first);
  }

  private void list(HttpExchange exchange) throws IOException {
    int keysMax = Integer.parseInt(parameter(exchange, "max-keys", "1000"));
    ListPage page =
        objects.list(
            parameter(exchange, "prefix", ""), parameter(exchange, "start-after", ""), keysMax);
    StringBuilder answer = new StringBuilder("<ListBucketResult><IsTruncated>");
    answer.append(page.more()).append("</IsTruncated>");
    for (ListPage.Entry entry : page.entries()) {
      answer.append("<Contents><Key>").append(entry.key().value());
      answer.append("</Key><Size>").append(entry.length()).append("</Size></Contents>");
    }
    send(exchange, 200, answer.append("</ListBucketResult>").toString());
  }

  private static String parameter(HttpExchange exchange, String name, String standard) {
    String query = exchange.getRequestURI().getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return standard;
  }

  private static ObjectKey key(String path) {
    return new ObjectKey(path.substring(1));
  }

  private static void refuse(HttpExchange exchange, int status, String code)
      throws IOException {
    send(exchange, status, "<Error><Code>%s</Code></Error>".formatted(code));
  }

  private static void send(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
