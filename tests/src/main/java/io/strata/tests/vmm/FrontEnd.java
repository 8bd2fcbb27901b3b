package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.DescriptorPair;
import io.strata.fuse.linux.ErrnoSlot;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * One connection with a back end: the conversation that a virtual machine monitor has with it. The
 * caller decides on the order; {@link Guest} has the usual one. Confined to one thread at a time.
 */
public final class FrontEnd implements AutoCloseable {
  private final VhostSocket socket;
  private long features;
  private long protocolFeatures;

  private FrontEnd(VhostSocket socket) {
    this.socket = socket;
  }

  /** Connects, and has said nothing yet. */
  public static FrontEnd connect(Path path) throws IOException {
    return new FrontEnd(VhostSocket.connect(path));
  }

  /** The socket, for those who want to say what makes no sense. */
  public VhostSocket socket() {
    return socket;
  }

  /** Whether a feature of the protocol was agreed on. */
  public boolean has(long protocolFeature) {
    return (protocolFeatures & protocolFeature) != 0;
  }

  /** Features of the device that were agreed on. */
  public long features() {
    return features;
  }

  /** Agrees on features; those of the device are told by {@link #acknowledgeFeatures}. */
  public void negotiate(GuestOptions options) throws IOException {
    long wanted = options.features() | Features.VERSION_1 | Features.PROTOCOL_FEATURES;
    features = ask(Message.GET_FEATURES) & (wanted | Features.LOG_ALL);
    if ((features & wanted) != wanted) {
      throw new IOException("the back end offers %x, %x is wanted".formatted(features, wanted));
    }
    tell(Message.of(Message.SET_OWNER, Message.nothing()));
    long offered = ask(Message.GET_PROTOCOL_FEATURES);
    long agreed = offered & options.protocolFeatures();
    tell(Message.of(Message.SET_PROTOCOL_FEATURES, Message.u64(agreed)));
    protocolFeatures = agreed;
  }

  /** Tells which features the driver uses; {@code logging} while memory is copied elsewhere. */
  public void acknowledgeFeatures(boolean logging) throws IOException {
    long told = logging ? features : features & ~Features.LOG_ALL;
    tell(Message.of(Message.SET_FEATURES, Message.u64(told)));
  }

  /** How many queues the back end has. */
  public int queueCount() throws IOException {
    return Math.toIntExact(ask(Message.GET_QUEUE_NUM));
  }

  /** Part of the device's configuration. */
  public byte[] config(int offset, int length) throws IOException {
    ByteBuffer payload = Message.buffer(12 + length).putInt(offset).putInt(length).rewind();
    ByteBuffer answer = call(Message.of(Message.GET_CONFIG, payload)).payload();
    if (answer.limit() < 12 + length) {
      throw new IOException("the back end does not tell its configuration");
    }
    byte[] config = new byte[length];
    answer.get(12, config);
    return config;
  }

  /** Shares memory, in the way that was agreed on. */
  public void share(List<RamRegion> regions) throws IOException {
    if (has(Features.CONFIGURE_MEM_SLOTS)) {
      for (RamRegion region : regions) {
        tell(region(Message.ADD_MEM_REG, region));
      }
      return;
    }
    ByteBuffer table = Message.buffer(8 + 32 * regions.size()).putInt(regions.size()).putInt(0);
    for (RamRegion region : regions) {
      table.put(describe(region));
    }
    List<Descriptor> files = regions.stream().map(RamRegion::file).toList();
    tell(Message.of(Message.SET_MEM_TABLE, table.rewind()).with(files));
  }

  /** Takes a region away from the back end. */
  public void unshare(RamRegion region) throws IOException {
    tell(region(Message.REM_MEM_REG, region));
  }

  private static Message region(int request, RamRegion region) {
    ByteBuffer payload = Message.buffer(40).putLong(0).put(describe(region)).rewind();
    return Message.of(request, payload).with(List.of(region.file()));
  }

  private static ByteBuffer describe(RamRegion region) {
    return Message.buffer(32)
        .putLong(region.guestAddress())
        .putLong(region.bytes())
        .putLong(region.userAddress())
        .putLong(region.fileOffset())
        .rewind();
  }

  /** Gets memory for what is in flight, to be given to a back end that comes after this one. */
  public Inflight newInflight(int queues, int queueSize) throws IOException {
    Message answer = call(inflight(Message.GET_INFLIGHT_FD, 0, 0, queues, queueSize));
    if (answer.descriptors().size() != 1) {
      throw new IOException("the back end gives no memory for what is in flight");
    }
    ByteBuffer payload = answer.payload();
    return new Inflight(
        answer.descriptors().getFirst(), payload.getLong(0), payload.getLong(8));
  }

  /** Gives a back end memory for what is in flight. */
  public void setInflight(Inflight inflight, int queues, int queueSize) throws IOException {
    tell(
        inflight(Message.SET_INFLIGHT_FD, inflight.bytes(), inflight.offset(), queues, queueSize)
            .with(List.of(inflight.file())));
  }

  private static Message inflight(
      int request, long bytes, long offset, int queues, int queueSize) {
    ByteBuffer payload =
        Message.buffer(24)
            .putLong(bytes)
            .putLong(offset)
            .putShort((short) queues)
            .putShort((short) queueSize);
    return Message.of(request, payload.rewind());
  }

  /** Starts a queue that is not enabled yet. */
  public void start(int index, GuestQueue queue, GuestRam ram, int base) throws IOException {
    tell(Message.of(Message.SET_VRING_NUM, Message.ring(index, queue.ring().size())));
    tell(Message.of(Message.SET_VRING_BASE, Message.ring(index, base)));
    tell(addresses(index, queue, ram, 0));
    Descriptor call = queue.call().descriptor();
    tell(Message.of(Message.SET_VRING_CALL, Message.u64(index)).with(List.of(call)));
    Descriptor kick = queue.kick().descriptor();
    tell(Message.of(Message.SET_VRING_KICK, Message.u64(index)).with(List.of(kick)));
  }

  /** Where a ring lies; with flag 1 its used part is logged. */
  public static Message addresses(int index, GuestQueue queue, GuestRam ram, int flags) {
    RingAddresses at = queue.ring().addresses();
    ByteBuffer payload =
        Message.buffer(40)
            .putInt(index)
            .putInt(flags)
            .putLong(ram.userAddress(at.descriptors()))
            .putLong(ram.userAddress(at.used()))
            .putLong(ram.userAddress(at.available()))
            .putLong(at.used());
    return Message.of(Message.SET_VRING_ADDR, payload.rewind());
  }

  /** Lets a queue run, or not. */
  public void enable(int index, boolean enabled) throws IOException {
    tell(Message.of(Message.SET_VRING_ENABLE, Message.ring(index, enabled ? 1 : 0)));
  }

  /** Stops a queue and returns where it stopped. */
  public int stop(int index) throws IOException {
    return call(Message.of(Message.GET_VRING_BASE, Message.ring(index, 0))).payload().getInt(4);
  }

  /** Gets the device's state from a back end whose queues are stopped. */
  public byte[] saveState() throws IOException {
    try (DescriptorPair pipe = DescriptorPair.pipe()) {
      transfer(0, pipe.second());
      pipe.second().close();
      byte[] state = readFully(pipe.first());
      finishTransfer();
      return state;
    }
  }

  /** Gives a back end whose queues are not started the state of another; at most 64 KiB. */
  public void loadState(byte[] state) throws IOException {
    try (DescriptorPair pipe = DescriptorPair.pipe();
        Arena arena = Arena.ofConfined()) {
      transfer(1, pipe.first());
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, state);
      long written = pipe.second().write(bytes, new ErrnoSlot(arena));
      if (written != state.length) {
        throw new IOException("the pipe took " + written + " of " + state.length + " bytes");
      }
      pipe.second().close();
      finishTransfer();
    }
  }

  private void transfer(int direction, Descriptor pipe) throws IOException {
    ByteBuffer payload = Message.buffer(8).putInt(0, direction).putInt(4, 0);
    Message answer = call(Message.of(Message.SET_DEVICE_STATE_FD, payload).with(List.of(pipe)));
    if ((answer.payload().getLong(0) & 0xff) != 0) {
      throw new IOException("the back end transfers no state");
    }
  }

  private void finishTransfer() throws IOException {
    if (ask(Message.CHECK_DEVICE_STATE) != 0) {
      throw new IOException("the state was not transferred");
    }
  }

  private static byte[] readFully(Descriptor pipe) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(4096);
      ErrnoSlot errno = new ErrnoSlot(arena);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      long count = pipe.read(buffer, errno);
      while (count > 0) {
        all.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        count = pipe.read(buffer, errno);
      }
      if (count < 0) {
        throw new IOException("read of a pipe: errno " + -count);
      }
      return all.toByteArray();
    }
  }

  /** Lets the back end mark the pages that it writes in a file, a bit each. */
  public void log(Descriptor file, long bytes) throws IOException {
    ByteBuffer payload = Message.buffer(16).putLong(0, bytes).putLong(8, 0);
    call(Message.of(Message.SET_LOG_BASE, payload).with(List.of(file)));
    acknowledgeFeatures(true);
  }

  /** Asks for a number. */
  public long ask(int request) throws IOException {
    return call(Message.of(request, Message.nothing())).payload().getLong(0);
  }

  /** Sends a message that has an answer of its own. */
  public Message call(Message message) throws IOException {
    socket.send(message);
    Message answer = socket.receive();
    if (answer.request() != message.request()
        || answer.flags() != (Message.VERSION | Message.REPLY)) {
      throw new IOException(
          "%d was answered by %d, flags %x"
              .formatted(message.request(), answer.request(), answer.flags()));
    }
    return answer;
  }

  /** Sends a message that has none, and learns whether it succeeded if that was agreed on. */
  public void tell(Message message) throws IOException {
    if (!has(Features.REPLY_ACK)) {
      socket.send(message);
      return;
    }
    long status = call(message.withFlags(Message.VERSION | Message.NEED_REPLY)).payload().getLong(0);
    if (status != 0) {
      throw new IOException("request " + message.request() + " failed: " + status);
    }
  }

  /**
   * Waits until everything said so far has been heard.
   *
   * @throws EOFException if the back end hung up instead
   */
  public void settle() throws IOException {
    ask(Message.GET_FEATURES);
  }

  /** Hangs up. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
