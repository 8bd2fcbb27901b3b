package io.strata.tests.vmm;

import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A virtqueue with its requests in flight. Safe for any thread: guarded by {@code lock}.
 *
 * <p>It outlives connections: what is in flight when one breaks is answered through the next.
 */
public final class GuestQueue implements AutoCloseable {
  /** Room for a request without its payload: the longest has two names. */
  private static final int HEAD_BYTES_MAX = 8192;

  /** Room for an answer beside what is asked for. */
  private static final int ANSWER_BYTES_MIN = 4096;

  /**
   * A chain that the device holds.
   *
   * @param back takes what it wrote, under the lock, and returns how to tell
   * @param fail tells that nothing will come back
   */
  private record Pending(IntFunction<Runnable> back, Consumer<RuntimeException> fail) {}

  private final GuestRam ram;
  private final DriverRing ring;
  private final GuestOptions options;
  private final EventDescriptor kick = EventDescriptor.create();
  private final EventDescriptor call = EventDescriptor.create();
  private final int slotBytes;
  private final long slots;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Deque<Integer> freeSlots = new ArrayDeque<>();
  private final @Nullable Pending[] pending;
  private int connection;
  private @Nullable RuntimeException broken;

  /** A queue in memory of the guest. */
  public GuestQueue(GuestRam ram, DriverRing ring, GuestOptions options)
      throws SystemCallException {
    this.ram = ram;
    this.ring = ring;
    this.options = options;
    slotBytes = slotBytes(options);
    slots = ram.reserve((long) options.depth() * slotBytes, 4096);
    for (int i = 0; i < options.depth(); i++) {
      freeSlots.add(i);
    }
    pending = new Pending[ring.size()];
  }

  private static int slotBytes(GuestOptions options) {
    return HEAD_BYTES_MAX + ANSWER_BYTES_MIN + 2 * options.payloadBytesMax();
  }

  /** How much memory such a queue takes. */
  static long bytes(GuestOptions options) {
    return (long) options.depth() * slotBytes(options)
        + (long) options.queueSize() * (16 * IndirectTables.ENTRIES_MAX + 64)
        + (1 << 16);
  }

  /** Its ring, for those who want to break it; nobody else may use it at that time. */
  public DriverRing ring() {
    return ring;
  }

  /** Takes what a device that is gone has left, and counts the next connection. */
  void beginConnection() {
    reap();
    lock.lock();
    try {
      connection++;
    } finally {
      lock.unlock();
    }
    // Whoever waits for a call asked for one at a place that this has gone past.
    call.signal();
  }

  /** What the device is told through. */
  public EventDescriptor kick() {
    return kick;
  }

  /** What the device calls through. */
  public EventDescriptor call() {
    return call;
  }

  /** Sends a request and answers with what comes back; waits for room if there is none. */
  public CompletableFuture<FuseAnswer> send(FuseRequest request, long unique, boolean answered)
      throws InterruptedException {
    byte[] head = request.head(unique);
    byte[] payload = request.payload();
    lock.lock();
    try {
      int slot = takeSlot();
      long address = slots + (long) slot * slotBytes;
      write(address, head);
      write(address + HEAD_BYTES_MAX, payload);
      List<Piece> pieces = new ArrayList<>();
      cut(pieces, address, head.length, false);
      cut(pieces, address + HEAD_BYTES_MAX, payload.length, false);
      long answer = address + HEAD_BYTES_MAX + options.payloadBytesMax();
      if (answered) {
        cut(pieces, answer, FuseAnswer.HEADER_BYTES, true);
        cut(pieces, answer + FuseAnswer.HEADER_BYTES, request.replyBytes(), true);
      }
      CompletableFuture<FuseAnswer> future = new CompletableFuture<>();
      IntFunction<Runnable> back =
          written -> {
            FuseAnswer read = answer(answer, written, unique);
            freeSlots.add(slot);
            return () -> future.complete(read);
          };
      offerLocked(pieces, new Pending(back, future::completeExceptionally));
      return future;
    } finally {
      lock.unlock();
    }
  }

  /** Offers any chain and answers with how much the device says to have written. */
  public CompletableFuture<Integer> offer(List<Piece> pieces) throws InterruptedException {
    CompletableFuture<Integer> future = new CompletableFuture<>();
    lock.lock();
    try {
      IntFunction<Runnable> back = written -> () -> future.complete(written);
      offerLocked(pieces, new Pending(back, future::completeExceptionally));
      return future;
    } finally {
      lock.unlock();
    }
  }

  private void offerLocked(List<Piece> pieces, Pending chain) throws InterruptedException {
    int id = ring.offer(pieces);
    while (id < 0) {
      awaitRoom();
      id = ring.offer(pieces);
    }
    pending[id] = chain;
    if (ring.wantsKick()) {
      kick.signal();
    }
  }

  private int takeSlot() throws InterruptedException {
    while (freeSlots.isEmpty()) {
      awaitRoom();
    }
    return freeSlots.remove();
  }

  /** Waits once; callers look again. */
  @SuppressWarnings("WaitNotInLoop")
  private void awaitRoom() throws InterruptedException {
    if (broken != null) {
      throw new IllegalStateException("the device broke the queue", broken);
    }
    if (options.reaping()) {
      room.await();
    } else {
      takeUsed().forEach(Runnable::run);
    }
  }

  private void write(long address, byte[] bytes) {
    MemorySegment.copy(
        bytes, 0, ram.at(address, bytes.length), ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  private void cut(List<Piece> pieces, long address, int length, boolean writable) {
    long at = address;
    for (int piece : options.cuts().cut(length)) {
      pieces.add(new Piece(at, piece, writable));
      at += piece;
    }
  }

  private FuseAnswer answer(long address, int written, long unique) {
    if (written == 0) {
      return new FuseAnswer(0, Message.nothing(), connection);
    }
    byte[] bytes = new byte[written];
    MemorySegment.copy(ram.at(address, written), ValueLayout.JAVA_BYTE, 0, bytes, 0, written);
    var body = Message.buffer(written).put(0, bytes);
    if (body.getInt(0) != written || body.getLong(8) != unique) {
      throw new IllegalStateException(
          "request %d: %d bytes came back, of which the header says %d for request %d"
              .formatted(unique, written, body.getInt(0), body.getLong(8)));
    }
    var rest = body.slice(FuseAnswer.HEADER_BYTES, written - FuseAnswer.HEADER_BYTES);
    return new FuseAnswer(-body.getInt(4), rest.order(body.order()), connection);
  }

  /** Takes what has come back and returns how many chains that were. */
  public int reap() {
    List<Runnable> completions = new ArrayList<>();
    lock.lock();
    try {
      if (broken == null) {
        completions.addAll(takeUsed());
      }
    } catch (RuntimeException e) {
      broken = e;
      for (Pending chain : pending) {
        if (chain != null) {
          completions.add(() -> chain.fail().accept(e));
        }
      }
    } finally {
      room.signalAll();
      lock.unlock();
    }
    completions.forEach(Runnable::run);
    return completions.size();
  }

  /** Asks for a call, and tells whether something has come back for which none may come. */
  boolean arm() {
    lock.lock();
    try {
      return broken == null && ring.arm();
    } finally {
      lock.unlock();
    }
  }

  /** Asks for no calls, because somebody looks anyway. */
  void disarm() {
    lock.lock();
    try {
      ring.disarm();
    } finally {
      lock.unlock();
    }
  }

  private List<Runnable> takeUsed() {
    List<Runnable> completions = new ArrayList<>();
    for (Used used = ring.poll(); used != null; used = ring.poll()) {
      Pending chain = pending[used.id()];
      pending[used.id()] = null;
      if (chain != null) {
        completions.add(chain.back().apply(used.written()));
      }
    }
    return completions;
  }

  /** How many chains the device holds. */
  public int outstanding() {
    lock.lock();
    try {
      return ring.outstanding();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    kick.close();
    call.close();
  }
}
