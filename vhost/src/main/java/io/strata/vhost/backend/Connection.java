package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.protocol.BackEndReply;
import io.strata.vhost.protocol.FrontEndCodec;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.RequestType;
import io.strata.vhost.socket.MessageSocket;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One front end's connection: messages in, replies out. Confined to the thread that serves it. */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final String name;
  private final MessageSocket socket;
  private final FrontEndState state;

  /**
   * A connection that has just been made.
   *
   * @param ending tells whether this process is to end
   */
  Connection(String name, MessageSocket socket, VirtioDevice device, BooleanSupplier ending)
      throws IOException {
    this.name = name;
    this.socket = socket;
    this.state = new FrontEndState(name, device, ending);
  }

  /**
   * Serves until the front end leaves, or the back end is to stop.
   *
   * @throws IOException if what it sent ends the connection, or nothing can be sent to it
   */
  void serve() throws IOException, InterruptedException {
    while (true) {
      MessageSocket.Frame frame = socket.receive();
      if (frame == null) {
        return;
      }
      FrontEndMessage message = decode(frame);
      LOG.debug("{}: {}", name, message);
      answer(message, frame.header().needsReply());
    }
  }

  private static FrontEndMessage decode(MessageSocket.Frame frame) throws IOException {
    FrontEndMessage message = null;
    try {
      message = FrontEndCodec.decode(frame.header(), frame.payload(), frame.descriptors());
      return message;
    } finally {
      if (message == null) {
        frame.closeDescriptors();
      }
    }
  }

  private void answer(FrontEndMessage message, boolean askedForReply)
      throws IOException, InterruptedException {
    // What this very message negotiates counts from the next one on.
    boolean acknowledge = askedForReply && state.acknowledges();
    BackEndReply reply;
    try {
      reply = state.handle(message);
    } catch (RequestRefused e) {
      if (!acknowledge) {
        throw e;
      }
      LOG.warn("{}: refused: {}", name, e.getMessage());
      reply = new BackEndReply.Value(1);
    }
    if (reply != null) {
      send(message.type(), reply);
    } else if (acknowledge) {
      send(message.type(), new BackEndReply.Value(0));
    }
  }

  private void send(RequestType type, BackEndReply reply) throws IOException {
    try {
      socket.send(reply.encode(type), reply.descriptors());
    } finally {
      reply.descriptors().forEach(Descriptor::close);
    }
  }

  /** Called by any thread. */
  void configChanged() {
    state.configChanged();
  }

  /** Stops its queues and lets go of the guest's memory. */
  void end() throws InterruptedException {
    state.end();
  }
}
