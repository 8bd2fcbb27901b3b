package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.SocketMessage;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.protocol.BackEndMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket on which a back end speaks unasked, if the front end gave one. Safe for any thread.
 */
final class FrontEndChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FrontEndChannel.class);

  private @Nullable Descriptor socket;

  /** Takes over another socket. */
  synchronized void replace(Descriptor next) throws SystemCallException {
    close();
    socket = next;
    next.setNonBlocking();
  }

  synchronized void configChanged() {
    if (socket == null) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer message = BackEndMessage.CONFIG_CHANGE.encode();
      MemorySegment bytes = arena.allocate(message.remaining());
      bytes.copyFrom(MemorySegment.ofBuffer(message));
      SocketMessage.send(socket, bytes, List.of());
    } catch (SystemCallException e) {
      LOG.warn("the front end cannot be told that the configuration changed: {}", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
