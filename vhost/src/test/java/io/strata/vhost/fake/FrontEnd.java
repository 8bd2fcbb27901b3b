package io.strata.vhost.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.SocketMessage;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.protocol.BackEndReply;
import io.strata.vhost.protocol.Feature;
import io.strata.vhost.protocol.FrontEndCodec;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.ProtocolFeature;
import io.strata.vhost.socket.MessageSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** The other end of a connection. Descriptors that it sends stay its caller's. */
public final class FrontEnd implements AutoCloseable {
  private final Descriptor raw;
  private final EventDescriptor never;
  private final MessageSocket socket;

  /** Takes over a connected socket. */
  public FrontEnd(Descriptor connected) throws IOException {
    raw = connected;
    never = EventDescriptor.create();
    socket = new MessageSocket(connected, never);
  }

  /** Sends a message and expects no answer. */
  public void tell(FrontEndMessage message) throws IOException {
    socket.send(FrontEndCodec.encode(message, false), message.descriptors());
  }

  /** Sends a message that has an answer of its own. */
  public BackEndReply ask(FrontEndMessage message) throws IOException {
    tell(message);
    return answerTo(message);
  }

  /** The number that answers a message. */
  public long askValue(FrontEndMessage message) throws IOException {
    return assertInstanceOf(BackEndReply.Value.class, ask(message)).value();
  }

  /** Sends a message and demands an answer: 0 if it was done. */
  public long acknowledged(FrontEndMessage message) throws IOException {
    socket.send(FrontEndCodec.encode(message, true), message.descriptors());
    return assertInstanceOf(BackEndReply.Value.class, answerTo(message)).value();
  }

  /** Sends a message that must be done. */
  public void done(FrontEndMessage message) throws IOException {
    assertEquals(0, acknowledged(message), message.toString());
  }

  /** Waits for the answer to a message that was sent before. */
  public BackEndReply answerTo(FrontEndMessage message) throws IOException {
    MessageSocket.Frame frame = socket.receive();
    assertNotNull(frame, "the back end has ended the connection");
    return BackEndReply.decode(
        message.type(), frame.header(), frame.payload(), frame.descriptors());
  }

  /** Agrees to what every front end does, and to these features of rings. */
  public void negotiate(long ringFeatures) throws IOException {
    tell(new FrontEndMessage.SetOwner());
    askValue(new FrontEndMessage.GetFeatures());
    long protocol = askValue(new FrontEndMessage.GetProtocolFeatures());
    assertEquals(ProtocolFeature.REPLY_ACK, protocol & ProtocolFeature.REPLY_ACK);
    tell(new FrontEndMessage.SetProtocolFeatures(protocol));
    done(
        new FrontEndMessage.SetFeatures(
            Feature.VERSION_1 | Feature.PROTOCOL_FEATURES | ringFeatures));
  }

  /** Sends bytes as they are. */
  public void sendRaw(ByteBuffer bytes, List<Descriptor> with) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(bytes.remaining());
      copy.copyFrom(MemorySegment.ofBuffer(bytes));
      SocketMessage.send(raw, copy, with);
    }
  }

  /** Waits until the back end ends the connection. */
  public void awaitEnd() throws IOException {
    try {
      MessageSocket.Frame frame = socket.receive();
      while (frame != null) {
        frame.closeDescriptors();
        frame = socket.receive();
      }
    } catch (SystemCallException e) {
      // It ended with something of ours unread.
      assertEquals(Errors.ECONNRESET, e.errno());
    }
  }

  @Override
  public void close() {
    socket.close();
    never.close();
  }
}
