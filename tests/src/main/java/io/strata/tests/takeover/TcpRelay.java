package io.strata.tests.takeover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Passes connections to an address of this machine on to a server that listens elsewhere on it, such
 * as on the loopback interface, and counts the HTTP requests in them. Safe for any thread.
 */
final class TcpRelay implements AutoCloseable {
  private static final int BACKLOG = 256;
  private static final int BUFFER_BYTES = 1 << 16;

  private static final Pattern METHOD = Pattern.compile("(GET|PUT|HEAD|POST|DELETE) ");
  private static final int METHOD_BYTES_MAX = 7;

  private final ServerSocket listening = new ServerSocket();
  private final InetSocketAddress server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong requests = new AtomicLong();

  private TcpRelay(InetSocketAddress server) throws IOException {
    this.server = server;
  }

  /**
   * Starts one.
   *
   * @param address where to listen; any free port
   */
  static TcpRelay start(String address, InetSocketAddress server) throws IOException {
    TcpRelay relay = new TcpRelay(server);
    relay.listening.bind(new InetSocketAddress(address, 0), BACKLOG);
    Thread.ofVirtual().name("relay-" + address).start(relay::accept);
    return relay;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** How many requests have come. */
  long requests() {
    return requests.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> join(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void join(Socket client) {
    Socket far = new Socket();
    open.add(client);
    open.add(far);
    try {
      client.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(server);
      AtomicBoolean answered = new AtomicBoolean(true);
      Thread back = Thread.ofVirtual().start(() -> pass(far, client, new Answers(answered)));
      pass(client, far, new Requests(answered));
      back.join();
    } catch (IOException e) {
      // The client finds its connection closed, as it would at a server that is gone.
      close(client);
      close(far);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(client);
      close(far);
    }
  }

  /** Sees bytes that pass. */
  @FunctionalInterface
  private interface Passing {
    void see(byte[] bytes, int count);
  }

  /** What a server says: a request of the same connection may follow. */
  private record Answers(AtomicBoolean answered) implements Passing {
    @Override
    public void see(byte[] bytes, int count) {
      answered.set(true);
    }
  }

  /** What a client says. Without pipelining a request begins only after an answer. */
  private final class Requests implements Passing {
    private final AtomicBoolean answered;

    Requests(AtomicBoolean answered) {
      this.answered = answered;
    }

    @Override
    public void see(byte[] bytes, int count) {
      if (answered.getAndSet(false)) {
        int length = Math.min(count, METHOD_BYTES_MAX);
        String start = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        if (METHOD.matcher(start).lookingAt()) {
          requests.incrementAndGet();
        }
      }
    }
  }

  /** Copies one direction to its end; an error ends both. */
  private void pass(Socket from, Socket to, Passing passing) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        passing.see(buffer, count);
        out.write(buffer, 0, count);
      }
      to.shutdownOutput();
    } catch (IOException broken) {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that cannot be closed", e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(this::close);
  }
}
