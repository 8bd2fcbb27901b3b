package io.strata.vhost.socket;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SocketMessage;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.protocol.FrontEndMessage.SetMemTable;
import io.strata.vhost.protocol.MalformedMessage;
import io.strata.vhost.protocol.MessageHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket, of either side. One thread may receive while another sends, which both must
 * be platform threads.
 */
public final class MessageSocket implements AutoCloseable {
  /** Who has begun a message is expected to end it. */
  private static final Duration REST_OF_MESSAGE_MAX = Duration.ofSeconds(10);

  private final Descriptor socket;
  private final List<Descriptor> wakers;
  private final Duration restMax;

  /**
   * Takes a socket over.
   *
   * @param stop whoever is receiving stops when it is signalled
   */
  public MessageSocket(Descriptor socket, EventDescriptor stop) throws SystemCallException {
    this(socket, stop, REST_OF_MESSAGE_MAX);
  }

  MessageSocket(Descriptor socket, EventDescriptor stop, Duration restMax)
      throws SystemCallException {
    this.socket = socket;
    this.wakers = List.of(socket, stop.descriptor());
    this.restMax = restMax;
    socket.setNonBlocking();
  }

  /**
   * A message as it came.
   *
   * @param payload exactly what the header says
   * @param descriptors that came with it; the receiver owns them
   */
  public record Frame(MessageHeader header, ByteBuffer payload, List<Descriptor> descriptors) {
    /** Gives up what nobody took over. */
    public void closeDescriptors() {
      descriptors.forEach(Descriptor::close);
    }
  }

  /**
   * Waits for a message.
   *
   * @return null if the peer has ended the connection between two messages, or if told to stop
   * @throws MalformedMessage if what came is none; nothing can be received any more
   */
  public @Nullable Frame receive() throws IOException {
    List<Descriptor> descriptors = new ArrayList<>();
    Frame frame = null;
    try (Poll poll = new Poll(wakers)) {
      frame = receive(poll, descriptors);
      return frame;
    } finally {
      if (frame == null) {
        descriptors.forEach(Descriptor::close);
      }
    }
  }

  private @Nullable Frame receive(Poll poll, List<Descriptor> descriptors) throws IOException {
    byte[] head = new byte[MessageHeader.BYTES];
    if (!fill(poll, head, null, descriptors)) {
      return null;
    }
    MessageHeader header = MessageHeader.decode(nativeOrder(head));
    byte[] payload = new byte[header.payloadBytes()];
    if (payload.length > 0 && !fill(poll, payload, header, descriptors)) {
      return null;
    }
    return new Frame(header, nativeOrder(payload), List.copyOf(descriptors));
  }

  private static ByteBuffer nativeOrder(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** False if there is nothing more to come, or the connection is to be stopped. */
  private boolean fill(
      Poll poll, byte[] into, @Nullable MessageHeader header, List<Descriptor> descriptors)
      throws IOException {
    String message = header == null ? "a message" : header.name();
    String field = header == null ? "header" : "payload";
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(into.length);
      int filled = 0;
      while (filled < into.length) {
        boolean begun = header != null || filled > 0;
        if (!poll.await(begun ? restMax : null)) {
          throw new MalformedMessage(
              message, field, "stops after " + filled + " of " + into.length + " bytes");
        }
        if (poll.ready(1)) {
          return false;
        }
        SocketMessage.Received received = receive(bytes.asSlice(filled));
        if (received == null) {
          continue;
        }
        descriptors.addAll(received.descriptors());
        if (received.tooMany() || descriptors.size() > SetMemTable.REGIONS_MAX) {
          throw new MalformedMessage(
              message, "descriptors", "are more than " + SetMemTable.REGIONS_MAX);
        }
        if (received.bytes() == 0 && !begun) {
          return false;
        }
        if (received.bytes() == 0) {
          throw new MalformedMessage(
              message, field, "ends after " + filled + " of " + into.length + " bytes");
        }
        filled += received.bytes();
      }
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, into, 0, into.length);
      return true;
    }
  }

  /** Null if there is nothing after all. */
  private SocketMessage.@Nullable Received receive(MemorySegment into) throws SystemCallException {
    try {
      return SocketMessage.receive(socket, into, SetMemTable.REGIONS_MAX);
    } catch (SystemCallException e) {
      if (e.errno() == Errors.EAGAIN) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Sends a message. The descriptors stay the caller's.
   *
   * @throws IOException also if the peer leaves so much unread that this would have to wait
   */
  public void send(ByteBuffer message, List<Descriptor> descriptors) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(message.remaining());
      bytes.copyFrom(MemorySegment.ofBuffer(message));
      int sent = SocketMessage.send(socket, bytes, descriptors);
      if (sent < bytes.byteSize()) {
        throw new SystemCallException("send a whole message", Errors.EAGAIN);
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
