package io.strata.vhost.backend;

import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.socket.ListeningSocket;
import io.strata.vhost.socket.MessageSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device on a socket: serves one front end after another until it is stopped. Safe for any
 * thread.
 */
public final class BackEnd {
  private static final Logger LOG = LoggerFactory.getLogger(BackEnd.class);

  /** How long to wait before accepting again when the system would not let us. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ListeningSocket socket;
  private final VirtioDevice device;
  private final String name;
  private final EventDescriptor stop;
  private final Thread thread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable Connection current;
  private volatile boolean ending;

  private BackEnd(ListeningSocket socket, VirtioDevice device) throws SystemCallException {
    this.socket = socket;
    this.device = device;
    this.name = socket.toString();
    this.stop = EventDescriptor.create();
    this.thread = Thread.ofPlatform().daemon().name("strata-vhost " + name).unstarted(this::run);
  }

  /**
   * Starts to serve. It owns the socket from now on, and the device, which it closes at its end.
   */
  public static BackEnd start(ListeningSocket socket, VirtioDevice device)
      throws SystemCallException {
    BackEnd backEnd = new BackEnd(socket, device);
    backEnd.thread.start();
    return backEnd;
  }

  /** Completes when no front end is served any more and none can come. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /** Whether a front end is connected. */
  public boolean connected() {
    return current != null;
  }

  /** Tells the front end that the device's configuration space has changed, if it listens. */
  public void configChanged() {
    Connection connection = current;
    if (connection != null) {
      connection.configChanged();
    }
  }

  private void run() {
    try {
      while (true) {
        MessageSocket connection = accept();
        if (connection == null) {
          break;
        }
        serve(connection);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("{}: serving has failed", name, e);
    } finally {
      socket.close();
      device.close();
      stop.close();
      ended.complete(null);
    }
  }

  /** Null when it is over. */
  private @Nullable MessageSocket accept() {
    while (true) {
      try {
        return socket.accept(stop);
      } catch (IOException e) {
        LOG.error("{}: no front end can be accepted now: {}", name, e.getMessage());
      }
      try (Poll poll = new Poll(List.of(stop.descriptor()))) {
        if (poll.await(RETRY)) {
          return null;
        }
      } catch (SystemCallException e) {
        LOG.error("{}: and waiting is not possible: {}", name, e.getMessage());
        return null;
      }
    }
  }

  private void serve(MessageSocket messages) {
    LOG.info("{}: a front end has connected", name);
    device.attached();
    try (messages) {
      Connection connection = new Connection(name, messages, device, () -> ending);
      current = connection;
      try {
        connection.serve();
        LOG.info("{}: the front end has gone", name);
      } finally {
        connection.end();
      }
    } catch (IOException e) {
      LOG.warn("{}: connection ended: {}", name, e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("{}: interrupted", name, e);
    } finally {
      current = null;
      device.detached();
    }
  }

  /** Tells it to end the connection, to stop listening and to close the device. */
  public void end() {
    ending = true;
    stop.signal();
  }

  /** Ends it, and waits for that. */
  public void stop() throws InterruptedException {
    end();
    thread.join();
  }

  /** Where it serves. */
  @Override
  public String toString() {
    return name;
  }
}
