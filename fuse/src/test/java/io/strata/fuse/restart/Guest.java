package io.strata.fuse.restart;

import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.fake.RequestBytes;
import io.strata.fuse.server.Exchange;
import io.strata.fuse.server.FuseSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A guest's kernel, which goes on when the process that serves it is replaced. */
final class Guest {
  static final int O_RDWR = 2;
  static final int O_EXCL = 0200;
  static final int O_TRUNC = 01000;
  static final int O_APPEND = 02000;

  private static final int REPLY_BYTES = 1 << 17;

  private final String name;
  private final CountDownLatch end = new CountDownLatch(1);
  private long unique = 2;
  private FuseSession session;

  Guest(Host host, String name) {
    this.name = name;
    this.session = host.session(name);
  }

  /** Is served by the present process of the host from now on. */
  void reconnect(Host host) {
    session = host.session(name);
  }

  /** Lets go what holds unanswered requests, and with them all processes that ran them. */
  void end() {
    end.countDown();
  }

  FuseSession session() {
    return session;
  }

  /** What came back. */
  record Answer(int errno, ByteBuffer body) {
    /** The node that LOOKUP, CREATE and their like tell of. */
    long node() {
      return body.getLong(0);
    }

    /** The handle that OPEN and OPENDIR give. */
    long handle() {
      return body.getLong(0);
    }

    /** The handle that CREATE gives. */
    long createdHandle() {
      return body.getLong(128);
    }
  }

  /** A request that has been run and whose answer never arrives. */
  @SuppressWarnings("ArrayRecordComponent") // sent again, never compared
  record Unanswered(byte[] request) {}

  private static final class MemoryExchange implements Exchange {
    private final MemorySegment request;
    private final MemorySegment reply = MemorySegment.ofArray(new byte[REPLY_BYTES]);
    private final boolean held;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch end;

    MemoryExchange(byte[] request, boolean held, CountDownLatch end) {
      this.request = MemorySegment.ofArray(request);
      this.held = held;
      this.end = end;
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
      if (held) {
        reached.countDown();
        await(end); // the process ends before it gets any further
        return false;
      }
      ReplyHeader header = ReplyHeader.decode(reply);
      answer.complete(
          new Answer(
              -header.error(),
              reply
                  .asSlice(ReplyHeader.BYTES, bytes - ReplyHeader.BYTES)
                  .asByteBuffer()
                  .order(ByteOrder.nativeOrder())));
      return true;
    }

    @Override
    public void discard() {
      answer.completeExceptionally(new IllegalStateException("not answered"));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Answer init() {
    return call(
        request(Opcode.INIT, 0)
            .u32(7)
            .u32(38)
            .u32(131072)
            .u32(0)); // no flags: the short forms of all requests
  }

  RequestBytes request(Opcode opcode, long node) {
    unique += 2;
    return new RequestBytes(opcode.number(), unique, node);
  }

  Answer call(RequestBytes request) {
    return call(request.toBytes());
  }

  Answer call(byte[] request) {
    MemoryExchange exchange = new MemoryExchange(request, false, end);
    session.accept(exchange);
    return exchange.answer.join();
  }

  /** Runs a request to the point where it would be answered, and no further. */
  Unanswered begin(RequestBytes request) {
    return begin(request.toBytes());
  }

  Unanswered begin(byte[] request) {
    MemoryExchange exchange = new MemoryExchange(request, true, end);
    FuseSession serving = session;
    Thread.ofVirtual().start(() -> serving.accept(exchange));
    await(exchange.reached);
    return new Unanswered(request);
  }

  RequestBytes create(String file, int flags) {
    return request(Opcode.CREATE, 1).u32(flags).u32(0100644).u32(0).u32(0).string(file);
  }

  RequestBytes lookup(String file) {
    return lookup(1, file);
  }

  RequestBytes lookup(long directory, String file) {
    return request(Opcode.LOOKUP, directory).string(file);
  }

  RequestBytes unlink(String file) {
    return request(Opcode.UNLINK, 1).string(file);
  }

  RequestBytes makeDirectory(String file) {
    return request(Opcode.MKDIR, 1).u32(0755).u32(0).string(file);
  }

  RequestBytes rename(String from, String to) {
    return request(Opcode.RENAME, 1).u64(1).string(from).string(to);
  }

  RequestBytes link(long node, String to) {
    return request(Opcode.LINK, 1).u64(node).string(to);
  }

  RequestBytes open(long node, int flags) {
    return request(Opcode.OPEN, node).u32(flags).u32(0);
  }

  RequestBytes openDirectory(long node) {
    return request(Opcode.OPENDIR, node).u32(0).u32(0);
  }

  RequestBytes write(long node, long handle, long offset, String text, int flags) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return request(Opcode.WRITE, node)
        .u64(handle)
        .u64(offset)
        .u32(bytes.length)
        .u32(0)
        .u64(0)
        .u32(flags)
        .u32(0)
        .bytes(bytes);
  }

  RequestBytes fsync(long node, long handle) {
    return request(Opcode.FSYNC, node).u64(handle).u32(0).u32(0);
  }

  RequestBytes fsyncDirectory(long node, long handle) {
    return request(Opcode.FSYNCDIR, node).u64(handle).u32(0).u32(0);
  }

  RequestBytes release(long node, long handle) {
    return request(Opcode.RELEASE, node).u64(handle).u32(0).u32(0).u64(0);
  }

  RequestBytes setExtendedAttribute(long node, String attribute, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    return request(Opcode.SETXATTR, node)
        .u32(bytes.length)
        .u32(1) // XATTR_CREATE
        .string(attribute)
        .bytes(bytes);
  }

  RequestBytes readRequest(long node, long handle) {
    return request(Opcode.READ, node)
        .u64(handle)
        .u64(0)
        .u32(1 << 16)
        .u32(0)
        .u64(0)
        .u32(0)
        .u32(0);
  }

  /** A file's bytes, through a handle. */
  String read(long node, long handle) {
    Answer answer = call(readRequest(node, handle));
    if (answer.errno() != 0) {
      throw new AssertionError("read: errno " + answer.errno());
    }
    return StandardCharsets.ISO_8859_1.decode(answer.body()).toString();
  }
}
