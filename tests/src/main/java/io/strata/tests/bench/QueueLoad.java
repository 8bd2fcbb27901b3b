package io.strata.tests.bench;

import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SystemCallException;
import io.strata.tests.vmm.DriverRing;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestQueue;
import io.strata.tests.vmm.GuestRam;
import io.strata.tests.vmm.Piece;
import io.strata.tests.vmm.Used;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * Keeps so many requests of one kind in flight on a queue, from one thread, and makes as little work
 * of it as a driver in a kernel would: requests lie in memory already, and only what differs from one
 * to the next is written. Confined to its thread.
 */
final class QueueLoad {
  /** Where a request has the inode that it is about, and a READ or WRITE the offset. */
  private static final int NODE_AT = 16;

  private static final int OFFSET_AT = 40 + 8;

  private static final int ERROR_AT = 4;
  private static final int HEADER_BYTES = 16;
  private static final int PAGE = 4096;

  private record Slot(List<Piece> chain, MemorySegment request, MemorySegment answer) {}

  private final GuestQueue queue;
  private final DriverRing ring;
  private final List<Slot> slots = new ArrayList<>();
  private final Slot[] byId;
  private final Vary vary;
  private final SplittableRandom random = new SplittableRandom(1);

  /** Makes one request of the next. */
  @FunctionalInterface
  interface Vary {
    void apply(MemorySegment request, SplittableRandom random);

    /** All alike. */
    static Vary nothing() {
      return (request, random) -> {};
    }

    /** At any page of a file. */
    static Vary offsets(long fileBytes) {
      return (request, random) ->
          request.set(
              ValueLayout.JAVA_LONG, OFFSET_AT, random.nextLong(fileBytes / PAGE) * PAGE);
    }

    /** About any of these. */
    static Vary nodes(long[] nodes) {
      return (request, random) ->
          request.set(ValueLayout.JAVA_LONG, NODE_AT, nodes[random.nextInt(nodes.length)]);
    }
  }

  /** A load on one of the guest's queues, which nobody else uses meanwhile. */
  QueueLoad(Guest guest, int queue, FuseRequest request, int depth, Vary vary) {
    this.queue = guest.queues().get(queue);
    this.ring = this.queue.ring();
    this.vary = vary;
    this.byId = new Slot[ring.size()];
    for (int i = 0; i < depth; i++) {
      slots.add(slot(guest, request));
    }
  }

  private static Slot slot(Guest guest, FuseRequest request) {
    GuestRam ram = guest.ram();
    byte[] head = request.head(guest.nextUnique());
    long address = ram.reserve(4L * PAGE, PAGE);
    MemorySegment memory = ram.at(address, 4L * PAGE);
    MemorySegment.copy(head, 0, memory, ValueLayout.JAVA_BYTE, 0, head.length);
    List<Piece> chain = new ArrayList<>();
    chain.add(new Piece(address, head.length, false));
    byte[] payload = request.payload();
    if (payload.length > 0) {
      MemorySegment.copy(payload, 0, memory, ValueLayout.JAVA_BYTE, PAGE, payload.length);
      chain.add(new Piece(address + PAGE, payload.length, false));
    }
    chain.add(new Piece(address + 2 * PAGE, HEADER_BYTES, true));
    if (request.replyBytes() > 0) {
      chain.add(new Piece(address + 3 * PAGE, request.replyBytes(), true));
    }
    return new Slot(chain, memory, memory.asSlice(2 * PAGE, HEADER_BYTES));
  }

  /** How many are in flight. */
  int depth() {
    return slots.size();
  }

  /** Runs for a while, and tells how many requests were answered. */
  long run(Duration time) throws SystemCallException {
    long began = System.nanoTime();
    return run(done -> System.nanoTime() - began > time.toNanos(), done -> {});
  }

  /** How long each of so many requests took, one after the other, sorted; a load of depth 1. */
  long[] latencies(int count) throws SystemCallException {
    long[] nanos = new long[count];
    long[] last = {System.nanoTime()};
    run(
        done -> done >= count,
        done -> {
          long now = System.nanoTime();
          nanos[(int) done - 1] = now - last[0];
          last[0] = now;
        });
    Arrays.sort(nanos);
    return nanos;
  }

  /** Runs until so many are done that it is enough; tells of each. */
  long run(LongPredicate enough, LongConsumer each) throws SystemCallException {
    long count = 0;
    boolean ending = false;
    try (Poll poll = new Poll(List.of(queue.call().descriptor()))) {
      for (Slot slot : slots) {
        offer(slot);
      }
      kick();
      int inFlight = slots.size();
      while (inFlight > 0) {
        Used used = ring.poll();
        if (used == null) {
          kick();
          if (!ring.arm()) {
            poll.await(null);
            queue.call().drain();
          }
          ring.disarm();
          continue;
        }
        Slot slot = byId[used.id()];
        int error = slot.answer().get(ValueLayout.JAVA_INT, ERROR_AT);
        if (error != 0) {
          throw new IllegalStateException("errno " + -error);
        }
        count++;
        inFlight--;
        each.accept(count);
        ending = ending || enough.test(count);
        if (!ending) {
          offer(slot);
          inFlight++;
        }
      }
    }
    return count;
  }

  private void offer(Slot slot) {
    vary.apply(slot.request(), random);
    int id = ring.offer(slot.chain());
    byId[id] = slot;
  }

  private void kick() {
    if (ring.wantsKick()) {
      queue.kick().signal();
    }
  }
}
