package io.strata.vhost.fake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.Poll;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.RegionDescription;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;

/**
 * A guest's memory with a driver that has one split ring in it: descriptors at 0, then the
 * available and the used ring, a page each; requests of a page each behind.
 */
public final class Guest implements AutoCloseable {
  /** Entries of its ring. */
  public static final int ENTRIES = 8;

  /** Where its memory is for itself, and for its front end. */
  public static final long GUEST_ADDRESS = 0x10_0000;

  public static final long USER_ADDRESS = 0x7000_0000_0000L;

  private static final int PAGE = 4096;
  private static final long BYTES = 64 * PAGE;
  private static final long AVAILABLE = PAGE;
  private static final long USED = 2 * PAGE;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final short WRITE = 2;
  private static final short NEXT = 1;

  private final Descriptor file;
  private final Mapping mapping;
  private final EventDescriptor kick;
  private final EventDescriptor call;
  private int available;
  private int used;

  public Guest() throws IOException {
    file = Descriptor.memory("guest", BYTES);
    mapping = Mapping.shared(file, 0, BYTES);
    kick = EventDescriptor.create();
    call = EventDescriptor.create();
  }

  /** The file in which its memory is. */
  public Descriptor file() {
    return file;
  }

  /** Its memory as one region. */
  public RegionDescription region() {
    return new RegionDescription(GUEST_ADDRESS, BYTES, USER_ADDRESS, 0);
  }

  /** All of its memory, lent. */
  public FrontEndMessage lend() {
    return new FrontEndMessage.SetMemTable(List.of(region()), List.of(file));
  }

  /** Where its ring is, as ring {@code index}. */
  public FrontEndMessage.SetVringAddr ring(int index) {
    return new FrontEndMessage.SetVringAddr(
        index, 0, USER_ADDRESS, USER_ADDRESS + USED, USER_ADDRESS + AVAILABLE, 0);
  }

  /** Lends memory and starts its ring as ring {@code index}. */
  public void start(FrontEnd frontEnd, int index) throws IOException {
    frontEnd.done(lend());
    startRing(frontEnd, index);
  }

  /** Starts its ring in memory that was lent before, where the driver has got to. */
  public void startRing(FrontEnd frontEnd, int index) throws IOException {
    frontEnd.done(new FrontEndMessage.SetVringNum(index, ENTRIES));
    frontEnd.done(new FrontEndMessage.SetVringBase(index, used));
    frontEnd.done(ring(index));
    frontEnd.done(new FrontEndMessage.SetVringCall(index, call.descriptor()));
    frontEnd.done(new FrontEndMessage.SetVringKick(index, kick.descriptor()));
    frontEnd.done(new FrontEndMessage.SetVringEnable(index, true));
  }

  /** Makes a request available and kicks: some bytes to read, and a byte less to write. */
  public void request(int head, byte[] bytes) {
    MemorySegment memory = mapping.memory();
    long at = (long) PAGE * (8 + 2 * head);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
    descriptor(2 * head, GUEST_ADDRESS + at, bytes.length, NEXT, 2 * head + 1);
    descriptor(2 * head + 1, GUEST_ADDRESS + at + PAGE, bytes.length, WRITE, 0);
    makeAvailable(2 * head);
  }

  /** Makes available whatever descriptor that is. */
  public void makeAvailable(int descriptor) {
    MemorySegment memory = mapping.memory();
    memory.set(
        ValueLayout.JAVA_SHORT, AVAILABLE + 4 + 2L * (available % ENTRIES), (short) descriptor);
    available++;
    ValueLayout.JAVA_SHORT.varHandle().setRelease(memory, AVAILABLE + 2, (short) available);
    kick.signal();
  }

  private void descriptor(int index, long address, int length, short flags, int next) {
    MemorySegment memory = mapping.memory();
    long at = 16L * index;
    memory.set(ValueLayout.JAVA_LONG, at, address);
    memory.set(ValueLayout.JAVA_INT, at + 8, length);
    memory.set(ValueLayout.JAVA_SHORT, at + 12, flags);
    memory.set(ValueLayout.JAVA_SHORT, at + 14, (short) next);
  }

  /** Waits until one more request is used: its head. */
  public int awaitUsed() throws IOException {
    MemorySegment memory = mapping.memory();
    try (Poll poll = new Poll(List.of(call.descriptor()))) {
      while ((short) ValueLayout.JAVA_SHORT.varHandle().getAcquire(memory, USED + 2)
          == (short) used) {
        assertTrue(poll.await(PATIENCE), "nothing was used");
        call.drain();
      }
    }
    int descriptor = memory.get(ValueLayout.JAVA_INT, USED + 4 + 8L * (used % ENTRIES));
    used++;
    return descriptor / 2;
  }

  /** What was written into a request. */
  public byte[] answer(int head, int bytes) {
    long at = (long) PAGE * (9 + 2 * head);
    return mapping.memory().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    mapping.close();
    file.close();
    kick.close();
    call.close();
  }
}
