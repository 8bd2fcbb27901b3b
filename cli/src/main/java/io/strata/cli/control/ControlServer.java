package io.strata.cli.control;

import io.strata.cli.output.JsonValue;
import io.strata.cli.output.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon's end of its control socket: a virtual thread for each connection. */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private static final int ANSWERS_MAX = 1000;

  /** Nobody holds up the end of a daemon for longer by not reading what he asked for. */
  private static final Duration LAST_ANSWERS_MAX = Duration.ofSeconds(5);

  private final Path socket;
  private final ServerSocketChannel channel;
  private final ControlHandler handler;

  /** A permit for each request that is being answered. */
  private final Semaphore answers = new Semaphore(ANSWERS_MAX);

  private ControlServer(Path socket, ServerSocketChannel channel, ControlHandler handler) {
    this.socket = socket;
    this.channel = channel;
    this.handler = handler;
  }

  /** Listens for this process, in a directory that is prepared. */
  public static ControlServer start(RuntimeDirectory directory, ControlHandler handler)
      throws IOException {
    Path socket = Daemons.socket(directory, ProcessHandle.current().pid());
    // Left over from a process with the same number that was killed.
    Files.deleteIfExists(socket);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket));
    ControlServer server = new ControlServer(socket, channel, handler);
    Thread.ofPlatform().daemon().name("strata-control").start(server::accept);
    return server;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = channel.accept();
        Thread.ofVirtual().name("strata-control-connection").start(() -> serve(connection));
      }
    } catch (ClosedChannelException closed) {
      LOG.debug("control socket closed");
    } catch (IOException e) {
      LOG.error("control socket {} failed: stats, checkpoint and umount do not work", socket, e);
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        BufferedReader in =
            new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
        Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        answers.acquireUninterruptibly();
        try {
          out.write(Output.jsonText(reply(line)) + "\n");
          out.flush();
        } finally {
          answers.release();
        }
      }
    } catch (IOException e) {
      LOG.debug("a control connection ended", e);
    }
  }

  private JsonValue reply(String line) {
    try {
      return handler.answer(ControlRequest.parse(line));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error("interrupted");
    } catch (Exception e) {
      LOG.debug("control request {} failed", line, e);
      String message = e.getMessage();
      return error(message == null ? e.toString() : message);
    }
  }

  /**
   * Stops listening, removes the socket, and waits a little until what was asked is answered. Those
   * who are connected see the end when the process ends.
   */
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.warn("control socket {} could not be removed", socket, e);
    }
    try {
      if (answers.tryAcquire(ANSWERS_MAX, LAST_ANSWERS_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        answers.release(ANSWERS_MAX);
      } else {
        LOG.warn("a control request is still being answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonValue error(String message) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("error", message);
      out.writeEndObject();
    };
  }
}
