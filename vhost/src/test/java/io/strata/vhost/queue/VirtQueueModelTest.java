package io.strata.vhost.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.linux.EventDescriptor;
import io.strata.vhost.memory.DirtyLog;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Drivers and queues as both sides see them, with everything that is allowed, in any order. */
class VirtQueueModelTest {
  /** A model of one run. */
  private static final class Run {
    private final Random random;
    private final DriverFake driver;
    private final VirtQueue queue;
    private final EventDescriptor call = EventDescriptor.create();
    private final boolean indirect;

    private final ArrayDeque<DriverFake.Sent> sent = new ArrayDeque<>();
    private final List<DescriptorChain> taken = new ArrayList<>();
    private final Map<Integer, byte[]> written = new HashMap<>();
    private boolean deviceSleeps;
    private boolean driverSleeps;
    private int received;

    Run(GuestFake guest, Random random, int entries, boolean packed) throws Exception {
      boolean eventIndex = random.nextBoolean();
      int base = packed ? 0x80008000 : 65536 - random.nextInt(2 * entries + 1) & 0xffff;
      this.random = random;
      this.indirect = random.nextBoolean();
      this.driver = DriverFake.of(guest, packed, entries, eventIndex, base);
      this.queue =
          VirtQueue.start(
              0,
              guest.settings(entries, packed, indirect, eventIndex, base),
              guest.memory,
              new DirtyLog(),
              null,
              e -> {
                throw new AssertionError(e);
              });
      queue.call(call);
    }

    void step() {
      switch (random.nextInt(7)) {
        case 0, 1 -> send();
        case 2 -> take();
        case 3, 4 -> complete();
        case 5 -> receive();
        default -> sleep();
      }
    }

    private void send() {
      boolean table = indirect && random.nextBoolean();
      int readable = random.nextInt(4);
      int writable = readable == 0 ? 1 + random.nextInt(4) : random.nextInt(4);
      if (!driver.hasRoom(table ? 1 : readable + writable)) {
        return;
      }
      sent.add(driver.send(random, readable, writable, table));
      if (random.nextBoolean() || deviceSleeps) {
        boolean kick = driver.mustKick();
        assertThat(kick || !deviceSleeps).as("a sleeping device is kicked").isTrue();
        deviceSleeps &= !kick;
      }
    }

    private void take() {
      deviceSleeps = false;
      if (random.nextBoolean()) {
        queue.hush();
      }
      DescriptorChain chain = queue.take();
      assertThat(chain == null).isEqualTo(sent.isEmpty());
      if (chain != null) {
        DriverFake.Sent expected = sent.remove();
        assertThat(chain.head()).isEqualTo(expected.id());
        assertThat(bytes(chain.readable())).isEqualTo(expected.readable());
        assertThat(chain.writable().byteSize()).isEqualTo(expected.writableBytes());
        taken.add(chain);
      }
    }

    private byte[] bytes(GuestBuffers buffers) {
      byte[] all = new byte[(int) buffers.byteSize()];
      int cut = random.nextInt(all.length + 1);
      MemorySegment heap = MemorySegment.ofArray(all);
      buffers.copyTo(cut, heap.asSlice(cut));
      buffers.copyTo(0, heap.asSlice(0, cut));
      return all;
    }

    private void complete() {
      boolean batch = random.nextBoolean();
      if (batch) {
        queue.beginBatch();
      }
      int count = batch ? random.nextInt(4) : 1;
      boolean any = false;
      for (int i = 0; i < count && !taken.isEmpty(); i++) {
        DescriptorChain chain = taken.remove(random.nextInt(taken.size()));
        byte[] answer = new byte[random.nextInt((int) chain.writable().byteSize() + 1)];
        random.nextBytes(answer);
        chain.writable().copyFrom(MemorySegment.ofArray(answer), 0);
        written.put(chain.head(), answer);
        chain.complete(answer.length);
        any = true;
      }
      if (batch) {
        queue.endBatch();
      }
      if (any && driverSleeps) {
        assertThat(call.drain()).as("a sleeping driver is notified").isPositive();
        driverSleeps = false;
      }
    }

    private void receive() {
      if (random.nextBoolean()) {
        driver.hush();
        driverSleeps = false;
      }
      for (DriverFake.Used used : driver.receive()) {
        byte[] answer = Objects.requireNonNull(written.remove(used.sent().id()), "completed");
        assertThat(used.written()).isEqualTo(answer.length);
        assertThat(Arrays.copyOf(used.bytes(), used.written())).isEqualTo(answer);
        received++;
      }
      call.drain();
      driverSleeps = false;
    }

    private void sleep() {
      if (random.nextBoolean()) {
        boolean unkicked = driver.mustKick();
        if (!unkicked || sent.isEmpty()) {
          deviceSleeps = !queue.listen();
          assertThat(deviceSleeps).isEqualTo(sent.isEmpty());
        }
      } else {
        call.drain();
        driverSleeps = !driver.listen();
        assertThat(driverSleeps).isEqualTo(written.isEmpty());
      }
    }

    void finish() {
      while (!sent.isEmpty()) {
        take();
      }
      while (!taken.isEmpty()) {
        complete();
      }
      receive();
      assertThat(driver.inFlight()).isZero();
      assertThat(queue.take()).isNull();
      queue.stop();
      call.close();
    }
  }

  @Property(tries = 150)
  void splitRings(@ForAll long seed, @ForAll @IntRange(max = 6) int size) throws Exception {
    run(seed, 1 << size, false);
  }

  @Property(tries = 150)
  void packedRings(@ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int size)
      throws Exception {
    run(seed, size, true);
  }

  private static void run(long seed, int entries, boolean packed) throws Exception {
    try (GuestFake guest = new GuestFake()) {
      Run run = new Run(guest, new Random(seed), entries, packed);
      for (int i = 0; i < 20 * entries + 200; i++) {
        run.step();
      }
      run.finish();
      assertThat(run.received).as("the model does something").isPositive();
      assertThat(guest.bytes().get(ValueLayout.JAVA_BYTE, 0)).isZero();
    }
  }
}
