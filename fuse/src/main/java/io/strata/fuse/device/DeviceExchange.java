package io.strata.fuse.device;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.fuse.server.Exchange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A request and its reply in one buffer: a page for headers and arguments, then the largest
 * payload. A reply's header lies at the end of that page, so that header and payload are written in
 * one piece and the payload is page-aligned. Confined to whoever holds it.
 */
final class DeviceExchange implements Exchange {
  private static final int HEAD_BYTES = 4096;
  private static final int REPLY_HEADER_BYTES = 16;

  private final ExchangePool pool;
  private final MemorySegment buffer;
  private final ErrnoSlot errno;

  /** The reply must go where the request came from. */
  private @Nullable Descriptor from;

  private long requestBytes;

  DeviceExchange(ExchangePool pool, Arena arena, int payloadBytesMax) {
    this.pool = pool;
    this.buffer = arena.allocate(HEAD_BYTES + (long) payloadBytesMax, HEAD_BYTES);
    this.errno = new ErrnoSlot(arena);
  }

  /** Reads the next request, blocking: 0, or a negative errno. */
  long receive(Descriptor device) {
    long count = device.read(buffer, errno);
    from = device;
    requestBytes = Math.max(0, count);
    return Math.min(0, count);
  }

  @Override
  public MemorySegment request() {
    return buffer.asSlice(0, requestBytes);
  }

  @Override
  public MemorySegment reply() {
    return buffer.asSlice(HEAD_BYTES - REPLY_HEADER_BYTES);
  }

  @Override
  public Exchange withReplyOnly(int bytes) {
    ReplyOnlyExchange smaller = new ReplyOnlyExchange(origin(), bytes);
    discard();
    return smaller;
  }

  @Override
  public Exchange withDataReplyOnly(int bytes) {
    if (!pool.isScarce()) {
      return this;
    }
    int room = (int) Math.min(bytes, reply().byteSize());
    DeferredReplyExchange later = new DeferredReplyExchange(origin(), room, pool.waiting());
    discard();
    return later;
  }

  @Override
  public Exchange withRequestKept(int replyBytes) {
    if (!pool.isScarce() || !pool.waiting().tryAcquireRequest(requestBytes)) {
      return this;
    }
    KeptRequestExchange kept =
        new KeptRequestExchange(origin(), request(), replyBytes, pool.waiting());
    discard();
    return kept;
  }

  @Override
  public boolean send(int bytes) {
    boolean sent =
        Replies.send(origin(), buffer.asSlice(HEAD_BYTES - REPLY_HEADER_BYTES, bytes), errno);
    discard();
    return sent;
  }

  private Descriptor origin() {
    Descriptor device = from;
    if (device == null) {
      throw new IllegalStateException("no request to answer");
    }
    return device;
  }

  @Override
  public void discard() {
    from = null;
    pool.give(this);
  }
}
