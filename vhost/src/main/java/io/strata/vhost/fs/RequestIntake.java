package io.strata.vhost.fs;

import io.strata.fuse.abi.RequestHeader;
import io.strata.fuse.server.Exchange;
import io.strata.fuse.server.SessionOptions;
import io.strata.vhost.queue.QueueBrokenException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies requests out of guest memory, in room that is bounded (virtio 1.2, 5.11.6: a request is
 * what the device may read, its reply what it may write). Safe for any thread.
 */
final class RequestIntake implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestIntake.class);

  /** Headers, arguments and names beside a payload. */
  private static final int HEAD_BYTES = 4096;

  /** More than any request or reply that was agreed on has. */
  static final int MESSAGE_BYTES_MAX = HEAD_BYTES + SessionOptions.REQUEST_BYTES_LIMIT;

  /** Request and reply, up to this, are copied to the heap: as many as the rings have entries. */
  private static final int SMALL_BYTES_MAX = 2 * HEAD_BYTES;

  private final StagingLine line;
  private final Consumer<Exchange> session;

  /**
   * An intake.
   *
   * @param stagingBytesMax for copies of large requests, in steps of 4 MiB
   * @param session takes requests, and neither throws nor waits
   */
  RequestIntake(long stagingBytesMax, Consumer<Exchange> session) {
    this.line = new StagingLine(stagingBytesMax);
    this.session = session;
  }

  /** Takes a request, now or when there is room. */
  void accept(HeldChain chain) {
    long requestBytes = chain.buffers().readable().byteSize();
    if (requestBytes > MESSAGE_BYTES_MAX) {
      // Enough for the session to answer that this is no message.
      requestBytes = RequestHeader.BYTES;
    }
    // More than the largest reply is never written.
    long replyBytes = Math.min(chain.buffers().writable().byteSize(), MESSAGE_BYTES_MAX);
    Request request = new Request(chain, requestBytes);
    long bytes = requestBytes + replyBytes;
    if (bytes <= SMALL_BYTES_MAX) {
      request.copy(MemorySegment.ofArray(new byte[(int) bytes]), RequestIntake::leave);
    } else {
      line.await(bytes, request);
    }
  }

  /** Room on the heap is the collector's. */
  private static void leave(MemorySegment room) {}

  /** One that has come, and is not copied yet. */
  private final class Request implements StagingLine.User {
    private final HeldChain chain;
    private final long requestBytes;

    Request(HeldChain chain, long requestBytes) {
      this.chain = chain;
      this.requestBytes = requestBytes;
    }

    void copy(MemorySegment room, Consumer<MemorySegment> giveBack) {
      try {
        chain.buffers().readable().copyTo(0, room.asSlice(0, requestBytes));
      } catch (QueueBrokenException e) {
        LOG.debug("a request of {} bytes cannot be read", requestBytes, e);
        giveBack.accept(room);
        chain.complete(0);
        return;
      }
      session.accept(new ChainExchange(chain, room, requestBytes, giveBack));
    }

    @Override
    public void use(MemorySegment room) {
      copy(room, line::give);
    }

    @Override
    public void refused() {
      chain.complete(0);
    }
  }

  /** How many requests wait for room. */
  int waiting() {
    return line.waiting();
  }

  @Override
  public void close() {
    line.close();
  }
}
