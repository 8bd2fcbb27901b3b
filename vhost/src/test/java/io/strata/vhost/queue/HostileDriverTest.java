package io.strata.vhost.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fuse.linux.DescriptorPair;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no driver may do, and what no driver can help. */
class HostileDriverTest {
  private static final int ENTRIES = 8;
  private static final int NEXT = ChainBuilder.NEXT;
  private static final int WRITE = ChainBuilder.WRITE;
  private static final int INDIRECT = ChainBuilder.INDIRECT;

  private GuestFake guest;
  private final List<QueueBrokenException> told = new ArrayList<>();

  @BeforeEach
  void setUp() throws Exception {
    guest = new GuestFake();
  }

  @AfterEach
  void tearDown() {
    guest.close();
  }

  private VirtQueue queue(boolean packed, boolean indirect) {
    int base = packed ? 0x80008000 : 0;
    return VirtQueue.start(
        0,
        guest.settings(ENTRIES, packed, indirect, false, base),
        guest.memory,
        new DirtyLog(),
        null,
        told::add);
  }

  private static DescriptorChain taken(VirtQueue queue) {
    return Objects.requireNonNull(queue.take());
  }

  private void split(int index, long address, int length, int flags, int next) {
    describe(GuestFake.DESCRIPTORS, index, address, length, flags, next);
  }

  private void describe(long table, int index, long address, int length, int third, int fourth) {
    long at = table + 16L * index;
    guest.bytes().set(DriverFake.U64, at, address);
    guest.bytes().set(DriverFake.U32, at + 8, length);
    guest.bytes().set(DriverFake.U16, at + 12, (short) third);
    guest.bytes().set(DriverFake.U16, at + 14, (short) fourth);
  }

  private void available(int... heads) {
    for (int i = 0; i < heads.length; i++) {
      guest.bytes().set(DriverFake.U16, GuestFake.DRIVER + 4 + 2L * i, (short) heads[i]);
    }
    guest.bytes().set(DriverFake.U16, GuestFake.DRIVER + 2, (short) heads.length);
  }

  /** The queue breaks, says so once, and stays broken. */
  private void breaks(VirtQueue queue, String why) {
    assertThatThrownBy(queue::take)
        .isInstanceOf(QueueBrokenException.class)
        .hasMessageContaining(why);
    assertThatThrownBy(queue::take).isInstanceOf(QueueBrokenException.class);
    assertThatThrownBy(queue::listen).isInstanceOf(QueueBrokenException.class);
    assertThat(told).singleElement().satisfies(e -> assertThat(e).hasMessageContaining(why));
    queue.stop();
    told.clear();
  }

  private void splitBreaks(String why) {
    available(0);
    breaks(queue(false, true), why);
  }

  @Test
  void splitDescriptorsThatMakeNoSense() {
    split(0, 0, 16, NEXT, 1);
    split(1, 0, 16, NEXT, 0);
    splitBreaks("the chain of head 0 is a loop");
    split(1, 0, 16, NEXT, ENTRIES);
    splitBreaks("descriptor 8 in a ring of 8 entries");
    split(0, 0, 0, 0, 0);
    splitBreaks("a buffer of no bytes");
    split(0, 0, 16, NEXT | WRITE, 1);
    split(1, 0, 16, 0, 0);
    splitBreaks("a buffer to read behind one to write");
    split(0, GuestFake.BYTES - 8, 9, 0, 0);
    splitBreaks("9 bytes at guest address 0x3ffff8 are not all in guest memory");
    split(0, -1L, 2, 0, 0);
    splitBreaks("not all in guest memory");
    split(0, 0, -1, 0, 0);
    splitBreaks("a chain of more than 16777216 bytes");
    available(9);
    breaks(queue(false, true), "head 9 in a ring of 8 entries");
  }

  @Test
  void indirectTablesThatMakeNoSense() {
    long table = GuestFake.TABLES;
    split(0, table, 32, INDIRECT | NEXT, 1);
    splitBreaks("an indirect descriptor that goes on");
    split(0, table, 31, INDIRECT, 0);
    splitBreaks("an indirect table of 31 bytes");
    split(0, table, 0, INDIRECT, 0);
    splitBreaks("an indirect table of 0 bytes");
    split(0, table, 16 * 1025, INDIRECT, 0);
    splitBreaks("an indirect table of 16400 bytes");
    split(0, table, -16, INDIRECT, 0);
    splitBreaks("an indirect table of 4294967280 bytes");
    split(0, GuestFake.BYTES - 16, 32, INDIRECT, 0);
    splitBreaks("not all in guest memory");
    split(0, table, 32, INDIRECT, 0);
    describe(table, 0, 0, 8, INDIRECT, 0);
    splitBreaks("an indirect table in an indirect table");
    describe(table, 0, 0, 8, NEXT, 2);
    splitBreaks("descriptor 2 of an indirect table of 2");
    describe(table, 0, 0, 8, NEXT, 1);
    describe(table, 1, 0, 8, NEXT, 0);
    splitBreaks("form a loop");
    available(0);
    breaks(queue(false, false), "which was not agreed on");
  }

  @Test
  void availableIndexesThatMakeNoSense() {
    split(0, 0, 16, 0, 0);
    available(0, 0);
    VirtQueue twice = queue(false, true);
    assertThat(twice.take()).isNotNull();
    breaks(twice, "head 0 is made available while in flight");
    guest.bytes().set(DriverFake.U16, GuestFake.DRIVER + 2, (short) 9);
    breaks(queue(false, true), "available index 9, where 0 comes next in a ring of 8 entries");
    guest.bytes().set(DriverFake.U16, GuestFake.DRIVER + 2, (short) -1);
    breaks(queue(false, true), "available index 65535");
  }

  @Test
  void packedDescriptorsThatMakeNoSense() {
    int available = 1 << 7;
    long ring = GuestFake.DESCRIPTORS;
    describe(ring, 0, 0, 16, 8, available);
    breaks(queue(true, true), "buffer id 8 in a ring of 8 entries");
    for (int i = 0; i < ENTRIES; i++) {
      describe(ring, i, 0, 16, 1, available | NEXT);
    }
    breaks(queue(true, true), "chains of more slots than the 8 of their ring");
    describe(ring, 0, 0, 16, 1, available);
    describe(ring, 1, 0, 16, 1, available);
    VirtQueue twice = queue(true, true);
    assertThat(twice.take()).isNotNull();
    breaks(twice, "buffer id 1 is made available while in flight");
    describe(ring, 0, GuestFake.TABLES, 16, 1, available | INDIRECT);
    describe(GuestFake.TABLES, 0, 0, 8, 0, INDIRECT);
    breaks(queue(true, true), "an indirect table in an indirect table");
  }

  @Test
  void ringsThatCannotBe() {
    for (int entries : new int[] {0, -1, 3, 1000, 2048, 65536}) {
      assertThatThrownBy(() -> start(guest.settings(entries, false, true, true, 0)))
          .isInstanceOf(QueueBrokenException.class)
          .hasMessageContaining("ring of " + entries + " entries");
    }
    assertThatThrownBy(() -> start(guest.settings(1025, true, true, true, 0)))
        .isInstanceOf(QueueBrokenException.class);
    assertThatThrownBy(() -> start(guest.settings(8, true, true, true, 8)))
        .hasMessage("position 8 in a ring of 8 entries");
    assertThatThrownBy(
            () -> start(new QueueSettings(8, false, true, true, 0x7f00_0000_0008L, 0, 0, 0)))
        .hasMessageContaining("is not aligned to 16 bytes");
    assertThatThrownBy(() -> start(new QueueSettings(8, false, true, true, 42, 0, 0, 0)))
        .hasMessageContaining("the ring: 128 bytes at user address 0x2a");
  }

  private VirtQueue start(QueueSettings settings) {
    return VirtQueue.start(0, settings, guest.memory, new DirtyLog(), null, told::add);
  }

  @Property(tries = 400)
  void garbageBreaksTheQueueOrMakesChainsInsideMemory(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    boolean packed = random.nextBoolean();
    try (GuestFake fake = new GuestFake()) {
      guest = fake;
      scribble(random);
      VirtQueue queue = queue(packed, true);
      int rounds = 0;
      List<DescriptorChain> taken = new ArrayList<>();
      try {
        for (; rounds < 50; rounds++) {
          DescriptorChain chain = queue.take();
          if (chain != null) {
            chain.readable().copyTo(0, bytes(chain.readable()));
            chain.writable().copyFrom(bytes(chain.writable()), 0);
            taken.add(chain);
          }
          if (random.nextBoolean() && !taken.isEmpty()) {
            taken.removeLast().complete(0);
          }
          scribble(random);
        }
      } catch (QueueBrokenException e) {
        assertThat(e).isSameAs(told.getFirst());
      }
      taken.forEach(chain -> chain.complete(0));
      queue.stop();
      told.clear();
    }
  }

  private static MemorySegment bytes(GuestBuffers buffers) {
    return MemorySegment.ofArray(new byte[(int) buffers.byteSize()]);
  }

  /** Garbage that is likely to be taken for something. */
  private void scribble(Random random) {
    for (int i = 0; i < 32; i++) {
      long table = random.nextInt(4) == 0 ? GuestFake.TABLES : GuestFake.DESCRIPTORS;
      describe(
          table,
          random.nextInt(ENTRIES),
          random.nextInt(3) == 0 ? GuestFake.TABLES : random.nextLong(GuestFake.BYTES + 64),
          random.nextInt(4) == 0 ? 16 * random.nextInt(8) : random.nextInt(5000),
          random.nextInt(random.nextBoolean() ? 8 : 1 << 16),
          random.nextInt(random.nextBoolean() ? ENTRIES + 1 : 1 << 16));
      guest
          .bytes()
          .set(
              DriverFake.U16,
              GuestFake.DRIVER + 2L * random.nextInt(12),
              (short) random.nextInt(10));
    }
  }

  @Test
  void memoryThatIsCutOffBreaksTheQueueWhoeverMeetsItFirst() throws Exception {
    DriverFake driver = DriverFake.of(guest, false, ENTRIES, false, 0);
    VirtQueue queue = queue(false, true);
    Random random = new Random(1);
    driver.send(random, 1, 1, false);
    driver.send(random, 1, 1, false);
    DescriptorChain first = taken(queue);
    DescriptorChain second = taken(queue);
    guest.file.truncate(0);
    assertThatThrownBy(() -> first.readable().copyTo(0, bytes(first.readable())))
        .isInstanceOf(QueueBrokenException.class)
        .hasMessageContaining("guest memory is gone");
    assertThat(told).hasSize(1);
    first.complete(0);
    second.complete(0);
    breaks(queue, "guest memory is gone");
  }

  @Test
  void aRunningQueueEndsWhenItsMemoryIsCutOff() throws Exception {
    DriverFake driver = DriverFake.of(guest, false, ENTRIES, false, 0);
    BlockingQueue<QueueBrokenException> broken = new LinkedBlockingQueue<>();
    VirtQueue queue =
        VirtQueue.start(
            0,
            guest.settings(ENTRIES, false, true, false, 0),
            guest.memory,
            new DirtyLog(),
            null,
            broken::add);
    try (EventDescriptor kick = EventDescriptor.create()) {
      BlockingQueue<DescriptorChain> chains = new LinkedBlockingQueue<>();
      QueueThread thread = new QueueThread("queue", queue, kick, chains::add);
      driver.send(new Random(1), 1, 1, false);
      kick.signal();
      DescriptorChain chain = chains.poll(60, TimeUnit.SECONDS);
      Objects.requireNonNull(chain);
      guest.file.truncate(0);
      kick.signal();
      assertThat(broken.poll(60, TimeUnit.SECONDS)).hasMessageContaining("guest memory is gone");
      chain.complete(0);
      assertThat(broken.poll()).as("told once").isNull();
      thread.stop();
      queue.stop();
    }
  }

  @Test
  void chainsKeepTheirMemoryWhenTheTableChanges() throws Exception {
    DriverFake driver = DriverFake.of(guest, false, ENTRIES, false, 0);
    GuestMemory before = guest.table(0x6f00_0000_0000L);
    VirtQueue queue =
        VirtQueue.start(
            0,
            guest.settings(ENTRIES, false, true, false, 0),
            before,
            new DirtyLog(),
            null,
            told::add);
    driver.send(new Random(1), 1, 1, false);
    DescriptorChain chain = taken(queue);
    queue.moveTo(guest.memory);
    before.release();
    chain.writable().copyFrom(MemorySegment.ofArray(new byte[] {7}), 0);
    chain.complete(1);
    assertThat(driver.receive())
        .singleElement()
        .satisfies(u -> assertThat(u.bytes()[0]).isEqualTo((byte) 7));
    assertThatThrownBy(() -> chain.complete(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(before::retain)
        .as("nobody holds it")
        .isInstanceOf(IllegalStateException.class);
    GuestMemory empty = GuestMemory.of(List.of());
    assertThatThrownBy(() -> queue.moveTo(empty)).hasMessageContaining("the ring:");
    assertThat(told).hasSize(1);
  }

  @Test
  void whatWasTakenBeforeAStopIsNotSeenAfterIt() throws Exception {
    DriverFake driver = DriverFake.of(guest, true, ENTRIES, false, 0);
    VirtQueue queue = queue(true, true);
    driver.send(new Random(1), 1, 1, false);
    driver.send(new Random(2), 2, 0, false);
    DescriptorChain chain = taken(queue);
    assertThat(queue.drain(Duration.ofMillis(1))).isFalse();
    assertThat(queue.stop()).isEqualTo(0x80008002);
    chain.complete(0);
    assertThat(queue.drain(Duration.ZERO)).isTrue();
    assertThat(driver.receive()).isEmpty();
    assertThat(queue.take()).isNull();
    VirtQueue next =
        VirtQueue.start(
            0,
            guest.settings(ENTRIES, true, true, false, 0x80008002),
            guest.memory,
            new DirtyLog(),
            null,
            told::add);
    assertThat(taken(next).readable().byteSize()).isPositive();
    next.stop();
  }

  @Test
  void aDeviceThatFailsBreaksItsQueue() throws Exception {
    DriverFake driver = DriverFake.of(guest, false, ENTRIES, false, 0);
    BlockingQueue<QueueBrokenException> broken = new LinkedBlockingQueue<>();
    VirtQueue queue =
        VirtQueue.start(
            0,
            guest.settings(ENTRIES, false, true, false, 0),
            guest.memory,
            new DirtyLog(),
            null,
            broken::add);
    driver.send(new Random(1), 1, 1, false);
    QueueThread thread =
        new QueueThread(
            "queue",
            queue,
            null,
            chain -> {
              throw new IllegalArgumentException("no idea");
            });
    assertThat(broken.poll(60, TimeUnit.SECONDS)).hasMessageContaining("no idea");
    thread.stop();
    queue.stop();
  }

  @Test
  void aKickThatNeverCountsEndsTheQueue() throws Exception {
    BlockingQueue<QueueBrokenException> broken = new LinkedBlockingQueue<>();
    VirtQueue queue =
        VirtQueue.start(
            0,
            guest.settings(ENTRIES, false, true, false, 0),
            guest.memory,
            new DirtyLog(),
            null,
            broken::add);
    try (DescriptorPair pipe = DescriptorPair.pipe()) {
      pipe.second().close();
      EventDescriptor kick = EventDescriptor.of(pipe.first());
      QueueThread thread = new QueueThread("queue", queue, kick, chain -> chain.complete(0));
      assertThat(broken.poll(60, TimeUnit.SECONDS)).hasMessageContaining("never counts");
      thread.stop();
    }
    queue.stop();
  }
}
