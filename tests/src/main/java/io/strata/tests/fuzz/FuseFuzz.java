package io.strata.tests.fuzz;

import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.view.ReachableInodes;
import io.strata.fs.view.View;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.server.Exchange;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;

/**
 * Messages of any kind to a session over an empty volume in memory.
 *
 * <p>Every exchange must be given back once, every answer be well-formed and belong to its request,
 * no error be logged ({@link FindingLog}), and the root directory be there in the end.
 */
public final class FuseFuzz {
  private static final int ROOM_BYTES = 1 << 16;
  private static final int INIT = Opcode.INIT.number();
  private static final byte[] INIT_ARGUMENTS = {7, 0, 0, 0, 38, 0, 0, 0, 0, 0, 2, 0, -1, -1, -1, 63};

  private static final Platform PLATFORM =
      new Platform(
          ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z")),
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));

  /** What waits runs at once, on the thread that asks. */
  private static final Platform AT_ONCE =
      new Platform(PLATFORM.clock(), PLATFORM.random(), PLATFORM.workers(), Runnable::run);

  private static final MemStore EMPTY = format();

  private final FuseSession session;
  private final MemorySegment room = MemorySegment.ofArray(new byte[ROOM_BYTES]);
  private long unique;

  private FuseFuzz(FuseSession session) {
    this.session = session;
  }

  private static MemStore format() {
    try {
      MemStore store = new MemStore();
      Volume.format(store, FormatOptions.DEFAULT, PLATFORM);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException, InterruptedException {
    Volume volume = Volume.open(EMPTY.copy(), OpenOptions.DEFAULT, PLATFORM);
    try {
      FuseSession session =
          new FuseSession(files(volume), SessionOptions.standard(), AT_ONCE, null);
      new FuseFuzz(session).run(input);
      if (!session.close(Duration.ofSeconds(10))) {
        throw new AssertionError("requests go on after the end");
      }
    } finally {
      volume.abandon();
    }
  }

  private static FileSystem files(Volume volume) {
    try {
      return View.WHOLE.of(volume.fileSystem(), volume.past(), ReachableInodes.inMemory());
    } catch (FsException e) {
      throw new IllegalStateException("the whole volume cannot be seen", e);
    }
  }

  private void run(byte[] input) {
    FuseScript script = new FuseScript(input);
    if (input.length > 0 && input[0] != INIT) {
      byte[] init = FuseScript.step(INIT, 0, INIT_ARGUMENTS);
      send(script, new FuseScript(init).next(++unique));
    }
    while (script.hasNext()) {
      send(script, script.next(++unique));
    }
    byte[] attributes = FuseScript.step(Opcode.GETATTR.number(), 0, new byte[16]);
    if (input.length > 0 && input[0] != INIT) {
      Once last = send(script, new FuseScript(attributes).next(++unique));
      if (last.error != 0) {
        throw new AssertionError("the root directory ends in errno " + -last.error);
      }
    }
  }

  private Once send(FuseScript script, FuseScript.Made made) {
    int bytes = made.is(FuseScript.LITTLE_ROOM) ? made.bytes().length % 256 : ROOM_BYTES;
    Once exchange = new Once(script, made, room.asSlice(0, bytes));
    session.accept(exchange);
    if (exchange.givenBack != 1) {
      throw new AssertionError("the exchange was given back " + exchange.givenBack + " times");
    }
    return exchange;
  }

  /** Counts how often it is given back, and reads what comes. */
  private static final class Once implements Exchange {
    private final FuseScript script;
    private final FuseScript.Made made;
    private final MemorySegment reply;
    private int givenBack;
    private int error;

    Once(FuseScript script, FuseScript.Made made, MemorySegment reply) {
      this.script = script;
      this.made = made;
      this.reply = reply;
    }

    @Override
    public MemorySegment request() {
      return MemorySegment.ofArray(made.bytes());
    }

    @Override
    public MemorySegment reply() {
      return reply;
    }

    @Override
    public boolean send(int bytes) {
      givenBack++;
      ReplyHeader header = ReplyHeader.decode(reply);
      ByteBuffer request = ByteBuffer.wrap(made.bytes()).order(ByteOrder.nativeOrder());
      error = header.error();
      if (header.length() != bytes
          || header.unique() != request.getLong(8)
          || error > 0
          || error < -133) {
        throw new AssertionError("answered with " + header + " in " + bytes + " bytes");
      }
      if (error != 0 && bytes != ReplyHeader.BYTES) {
        throw new AssertionError("an error of " + bytes + " bytes");
      }
      boolean taken = !made.is(FuseScript.NOT_TAKEN);
      if (error == 0 && taken) {
        MemorySegment body = reply.asSlice(ReplyHeader.BYTES, bytes - ReplyHeader.BYTES);
        script.learn(request.getInt(4), body.asByteBuffer().order(ByteOrder.nativeOrder()));
      }
      return taken;
    }

    @Override
    public void discard() {
      givenBack++;
    }
  }
}
