package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SocketMessage;
import io.strata.fuse.linux.SystemCallException;
import io.strata.fuse.linux.UnixSocket;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A front-end's end of a vhost-user socket. Confined to one thread at a time. */
public final class VhostSocket implements AutoCloseable {
  /** Far more than any answer takes; so that a back end that hangs fails a test. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int EPIPE = 32;

  /** No message has more. */
  private static final int DESCRIPTORS_MAX = 8;

  private static final int PAYLOAD_BYTES_MAX = 1 << 16;

  private final Descriptor socket;

  private VhostSocket(Descriptor socket) {
    this.socket = socket;
  }

  /** Connects to a back end that listens. */
  public static VhostSocket connect(Path path) throws IOException {
    return new VhostSocket(UnixSocket.connected(path.toString()));
  }

  /** Sends a message. */
  public void send(Message message) throws IOException {
    send(message.toBytes(), message.descriptors());
  }

  /**
   * Sends any bytes, descriptors beside the first of them.
   *
   * @throws EOFException if the back end has closed the socket
   */
  public void send(byte[] bytes, List<Descriptor> descriptors) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment left = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      List<Descriptor> beside = descriptors;
      while (left.byteSize() > 0) {
        left = left.asSlice(SocketMessage.send(socket, left, beside));
        beside = List.of();
      }
    } catch (SystemCallException e) {
      throw ended(e);
    }
  }

  private static IOException ended(SystemCallException e) {
    return e.errno() == EPIPE || e.errno() == Errors.ECONNRESET
        ? new EOFException(e.getMessage())
        : e;
  }

  /**
   * Waits for a message.
   *
   * @throws EOFException if the back end has closed the socket
   * @throws SocketTimeoutException if nothing comes for a minute
   */
  public Message receive() throws IOException {
    List<Descriptor> descriptors = new ArrayList<>();
    ByteBuffer header = receive(Message.HEADER_BYTES, descriptors);
    int length = header.getInt(8);
    if (length < 0 || length > PAYLOAD_BYTES_MAX) {
      throw new IOException("a message of " + length + " bytes");
    }
    return new Message(header.getInt(0), header.getInt(4), receive(length, descriptors), descriptors);
  }

  /** Waits until the back end closes the socket; what it says before that is read and dropped. */
  public void awaitEnd() throws IOException {
    try {
      while (true) {
        receive().descriptors().forEach(Descriptor::close);
      }
    } catch (EOFException _) {
      return;
    }
  }

  private ByteBuffer receive(int length, List<Descriptor> descriptors) throws IOException {
    ByteBuffer whole = Message.buffer(length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(Math.max(1, length));
      int filled = 0;
      while (filled < length) {
        awaitInput();
        MemorySegment rest = into.asSlice(filled, length - filled);
        SocketMessage.Received received = SocketMessage.receive(socket, rest, DESCRIPTORS_MAX);
        descriptors.addAll(received.descriptors());
        if (received.bytes() == 0) {
          throw new EOFException("the back end closed the socket");
        }
        filled += received.bytes();
      }
      return whole.put(into.asSlice(0, length).asByteBuffer()).rewind();
    } catch (SystemCallException e) {
      throw ended(e);
    }
  }

  private void awaitInput() throws IOException {
    try (Poll poll = new Poll(List.of(socket))) {
      if (!poll.await(PATIENCE)) {
        throw new SocketTimeoutException("the back end says nothing");
      }
    }
  }

  /** Hangs up. */
  @Override
  public void close() {
    socket.close();
  }
}
