package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Poll;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/** A front-end's end of a vhost-user socket. Confined to one thread at a time. */
public final class VhostSocket implements AutoCloseable {
  /** Far more than any answer takes; so that a back end that hangs fails a test. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final POSIX LIBC = POSIXFactory.getNativePOSIX();
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  /** No message has more. */
  private static final int DESCRIPTORS_MAX = 8;

  private static final int PAYLOAD_BYTES_MAX = 1 << 16;

  private final UnixSocketChannel channel;

  private VhostSocket(UnixSocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to a back end that listens. */
  public static VhostSocket connect(Path path) throws IOException {
    return new VhostSocket(UnixSocketChannel.open(new UnixSocketAddress(path.toFile())));
  }

  /** Sends a message. */
  public void send(Message message) throws IOException {
    send(message.toBytes(), message.descriptors());
  }

  /** Sends any bytes, descriptors beside the first of them. */
  public void send(byte[] bytes, List<Descriptor> descriptors) throws IOException {
    ByteBuffer left = direct(bytes.length);
    left.put(bytes).flip();
    boolean first = true;
    while (left.hasRemaining()) {
      MsgHdr header = LIBC.allocateMsgHdr();
      header.setIov(new ByteBuffer[] {left.slice().order(ByteOrder.nativeOrder())});
      if (first && !descriptors.isEmpty()) {
        CmsgHdr control = header.allocateControl(4 * descriptors.size());
        control.setLevel(SOL_SOCKET);
        control.setType(SCM_RIGHTS);
        ByteBuffer numbers = direct(4 * descriptors.size());
        descriptors.forEach(descriptor -> numbers.putInt(descriptor.number()));
        control.setData(numbers.flip());
      }
      int sent = LIBC.sendmsg(channel.getFD(), header, MSG_NOSIGNAL);
      if (sent < 0) {
        throw new IOException("sendmsg: errno " + LIBC.errno());
      }
      left.position(left.position() + sent);
      first = false;
    }
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
    ByteBuffer into = direct(length);
    while (into.hasRemaining()) {
      awaitInput();
      MsgHdr header = LIBC.allocateMsgHdr();
      header.setIov(new ByteBuffer[] {into.slice().order(ByteOrder.nativeOrder())});
      header.allocateControl(4 * DESCRIPTORS_MAX);
      int count = LIBC.recvmsg(channel.getFD(), header, MSG_CMSG_CLOEXEC);
      if (count < 0) {
        throw new IOException("recvmsg: errno " + LIBC.errno());
      }
      if (header.getControlLen() > 0) {
        for (CmsgHdr control : header.getControls()) {
          if (control.getLevel() == SOL_SOCKET && control.getType() == SCM_RIGHTS) {
            ByteBuffer numbers = control.getData().order(ByteOrder.nativeOrder());
            while (numbers.remaining() >= 4) {
              descriptors.add(Descriptor.owning(numbers.getInt()));
            }
          }
        }
      }
      if (count == 0) {
        throw new EOFException("the back end closed the socket");
      }
      into.position(into.position() + count);
    }
    return into.rewind();
  }

  private void awaitInput() throws IOException {
    try (Poll poll = new Poll(List.of(Descriptor.owning(channel.getFD())))) {
      if (!poll.await(PATIENCE)) {
        throw new SocketTimeoutException("the back end says nothing");
      }
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Hangs up. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
