package io.strata.fuse.fake;

import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.server.Exchange;
import io.strata.fuse.server.FuseSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The other side of a session: a transport in memory that sends requests and takes replies. */
public final class FakeKernel {
  /** All flags of both words that Linux 6.18 offers. */
  public static final long EVERYTHING = (1L << 43) - 1;

  private static final int REPLY_BYTES_MAX = (1 << 20) + ReplyHeader.BYTES;

  private final FuseSession session;
  private final AtomicLong unique = new AtomicLong(2);

  public FakeKernel(FuseSession session) {
    this.session = session;
  }

  /**
   * What came back.
   *
   * @param error negative errno or 0
   * @param body what follows the header
   */
  public record Answer(int error, ByteBuffer body) {}

  /** An exchange that ends in a future: null if there was no reply. */
  private static final class MemoryExchange implements Exchange {
    private final MemorySegment request;
    private final MemorySegment reply;
    private final boolean delivered;
    private final CompletableFuture<@Nullable Answer> answer = new CompletableFuture<>();

    MemoryExchange(byte[] request, int replyBytesMax, boolean delivered) {
      this.request = MemorySegment.ofArray(request);
      this.reply = MemorySegment.ofArray(new byte[replyBytesMax]);
      this.delivered = delivered;
    }

    @Override
    public MemorySegment request() {
      return request;
    }

    @Override
    public MemorySegment reply() {
      return reply;
    }

    @Override
    public boolean send(int bytes) {
      ReplyHeader header = ReplyHeader.decode(reply);
      ByteBuffer body =
          reply
              .asSlice(ReplyHeader.BYTES, bytes - ReplyHeader.BYTES)
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      boolean first = header.length() == bytes && answer.complete(new Answer(header.error(), body));
      if (!first) {
        throw new IllegalStateException("answered twice, or with a wrong length");
      }
      return delivered;
    }

    @Override
    public void discard() {
      if (!answer.complete(null)) {
        throw new IllegalStateException("given back twice");
      }
    }
  }

  /** A request that is to be filled in, with a number of its own. */
  public RequestBytes request(Opcode opcode, long nodeId) {
    return new RequestBytes(opcode.number(), unique.addAndGet(2), nodeId);
  }

  /** Number of the request that was made last. */
  public long lastUnique() {
    return unique.get();
  }

  /** Sends any bytes. */
  public CompletableFuture<@Nullable Answer> send(byte[] request) {
    return send(request, REPLY_BYTES_MAX, true);
  }

  /** Sends with little room for the reply, or one that is not taken. */
  public CompletableFuture<@Nullable Answer> send(
      byte[] request, int replyBytesMax, boolean delivered) {
    MemoryExchange exchange = new MemoryExchange(request, replyBytesMax, delivered);
    session.accept(exchange);
    return exchange.answer;
  }

  /** Sends and waits for the answer. */
  public Answer call(RequestBytes request) {
    Answer answer = send(request.toBytes()).join();
    if (answer == null) {
      throw new AssertionError("no answer");
    }
    return answer;
  }

  /** Says that nobody waits for a request any more. */
  public void interrupt(long unique) {
    RequestBytes interrupt = new RequestBytes(Opcode.INTERRUPT.number(), unique | 1, 0).u64(unique);
    if (send(interrupt.toBytes()).join() != null) {
      throw new AssertionError("an interrupt was answered");
    }
  }

  /** Sends INIT as Linux 6.18 does. */
  public Answer init() {
    return init(7, 45, EVERYTHING);
  }

  /** Sends INIT. */
  public Answer init(int major, int minor, long flags) {
    return call(initRequest(major, minor, flags));
  }

  /**
   * Sends INIT and, while the session is still handing over the answer to it, another request, as
   * another processor may.
   *
   * @return the answer to the other request
   */
  public Answer initAndAtOnce(RequestBytes next) {
    MemoryExchange exchange =
        new MemoryExchange(
            initRequest(7, 45, EVERYTHING).toBytes(), REPLY_BYTES_MAX, true);
    CompletableFuture<Answer> answer = exchange.answer.thenApply(init -> call(next));
    session.accept(exchange);
    return answer.join();
  }

  private RequestBytes initRequest(int major, int minor, long flags) {
    RequestBytes init = request(Opcode.INIT, 0).u32(major).u32(minor).u32(131072).u32((int) flags);
    if ((flags & InitFlags.INIT_EXT) != 0) {
      init.u32((int) (flags >>> 32)).bytes(new byte[44]);
    }
    return init;
  }
}
