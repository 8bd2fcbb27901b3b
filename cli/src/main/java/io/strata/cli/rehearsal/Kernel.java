package io.strata.cli.rehearsal;

import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.abi.RequestHeader;
import io.strata.fuse.server.Exchange;
import io.strata.fuse.server.FuseSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/**
 * A kernel's side of a session: one request at a time, in native memory as from {@code /dev/fuse}.
 * Confined to one thread.
 */
final class Kernel {
  static final int PAYLOAD_BYTES_MAX = 1 << 20;

  /** ENODATA: what the kernel hears of attributes that most files have not. */
  private static final int ABSENT = -61;

  private static final int MESSAGE_BYTES_MAX = 4096 + PAYLOAD_BYTES_MAX;
  private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;

  private final FuseSession session;
  private final MemorySegment message;
  private final MemorySegment reply;
  private final Semaphore ended = new Semaphore(0);
  private long unique;

  Kernel(FuseSession session, Arena arena) {
    this.session = session;
    this.message = arena.allocate(MESSAGE_BYTES_MAX, 8);
    this.reply = arena.allocate(MESSAGE_BYTES_MAX, 8);
  }

  /** Begins the next request; what the last one was answered is forgotten. */
  Request request(Opcode opcode, long node) {
    message.set(U32, 4, opcode.number());
    message.set(U64, 8, ++unique);
    message.set(U64, 16, node);
    message.asSlice(24, RequestHeader.BYTES - 24).fill((byte) 0);
    return new Request();
  }

  /** What a request was answered, until the next. */
  final class Answer {
    long u64(int at) {
      return reply.get(U64, ReplyHeader.BYTES + at);
    }
  }

  /** A request in the making. */
  final class Request {
    private long length = RequestHeader.BYTES;

    Request u32(int value) {
      message.set(U32, length, value);
      length += Integer.BYTES;
      return this;
    }

    Request u64(long value) {
      message.set(U64, length, value);
      length += Long.BYTES;
      return this;
    }

    Request zeros(int count) {
      message.asSlice(length, count).fill((byte) 0);
      length += count;
      return this;
    }

    Request bytes(byte[] bytes) {
      MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, length, bytes.length);
      length += bytes.length;
      return this;
    }

    Request string(String text) {
      return bytes(text.getBytes(StandardCharsets.UTF_8)).zeros(1);
    }

    /** Sends it and waits until it is given back. */
    Answer send() {
      message.set(U32, 0, (int) length);
      session.accept(new MemoryExchange(message.asSlice(0, length)));
      ended.acquireUninterruptibly();
      int error = ReplyHeader.decode(reply).error();
      if (error != 0 && error != ABSENT) {
        throw new IllegalStateException("the rehearsal fails with errno " + -error);
      }
      return new Answer();
    }
  }

  private final class MemoryExchange implements Exchange {
    private final MemorySegment request;

    MemoryExchange(MemorySegment request) {
      this.request = request;
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
      ended.release();
      return true;
    }

    @Override
    public void discard() {
      ended.release();
    }
  }
}
