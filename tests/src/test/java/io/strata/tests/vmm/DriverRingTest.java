package io.strata.tests.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.MemoryRegion;
import io.strata.vhost.queue.DescriptorChain;
import io.strata.vhost.queue.QueueSettings;
import io.strata.vhost.queue.VirtQueue;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides of a ring, in one thread: chains of random shape go there and come back in any order. */
final class DriverRingTest {
  private static final int SLOT_BYTES = 4096;
  private static final int STEPS = 6_000;

  /** A request that the device holds: how many bytes it is to send back. */
  private record Sent(int slot, int value, int answerBytes) {}

  @ParameterizedTest
  @CsvSource({
    "false, false, false, 64", "false, true, false, 64", "false, false, true, 64",
    "false, true, true, 256", "true, false, false, 64", "true, true, false, 64",
    "true, false, true, 63", "true, true, true, 7", "false, true, true, 1", "true, false, false, 5"
  })
  void whatIsOfferedComesBackOnce(boolean packed, boolean indirect, boolean events, int size)
      throws IOException {
    long seed = System.nanoTime();
    try (GuestRam ram = new GuestRam(4 << 20, 0);
        DirtyLog log = new DirtyLog()) {
      DriverRing ring =
          packed
              ? new PackedRing(ram, size, events, indirect)
              : new SplitRing(ram, size, events, indirect);
      RingAddresses at = ring.addresses();
      QueueSettings settings =
          new QueueSettings(
              size,
              packed,
              indirect,
              events,
              ram.userAddress(at.descriptors()),
              ram.userAddress(at.available()),
              ram.userAddress(at.used()),
              packed ? ring.baseAfterCrash() : 0);
      RamRegion lent = ram.regions().getFirst();
      MemoryRegion region =
          MemoryRegion.map(
              lent.file(), lent.guestAddress(), lent.bytes(), lent.userAddress(), lent.fileOffset());
      GuestMemory memory = GuestMemory.of(List.of(region));
      VirtQueue queue =
          VirtQueue.start(
              0,
              settings,
              memory,
              log,
              null,
              e -> {
                throw e;
              });
      try {
        new Exchange(ram, ring, queue, new SplittableRandom(seed)).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        queue.stop();
        memory.release();
        region.release();
      }
    }
  }

  private static final class Exchange {
    private final GuestRam ram;
    private final DriverRing ring;
    private final VirtQueue queue;
    private final SplittableRandom random;
    private final long slots;
    private final List<Integer> freeSlots = new ArrayList<>();
    private final Map<Integer, Sent> sent = new HashMap<>();
    private final List<DescriptorChain> held = new ArrayList<>();
    private int offered;
    private int returned;

    Exchange(GuestRam ram, DriverRing ring, VirtQueue queue, SplittableRandom random) {
      this.ram = ram;
      this.ring = ring;
      this.queue = queue;
      this.random = random;
      this.slots = ram.reserve(300L * SLOT_BYTES, 4096);
      for (int slot = 0; slot < 300; slot++) {
        freeSlots.add(slot);
      }
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(3)) {
          case 0 -> offer();
          case 1 -> serve();
          default -> poll();
        }
      }
      while (returned < offered) {
        serve();
        poll();
      }
      assertThat(ring.outstanding()).isZero();
      assertThat(ring.poll()).isNull();
      assertThat(offered).isGreaterThan(STEPS / 20);
    }

    private void offer() {
      int slot = freeSlots.getLast();
      int value = random.nextInt();
      int answerBytes = random.nextInt(0, 65);
      long address = slots + (long) slot * SLOT_BYTES;
      MemorySegment memory = ram.at(address, SLOT_BYTES);
      memory.set(ValueLayout.JAVA_INT, 0, value);
      memory.set(ValueLayout.JAVA_INT, 4, answerBytes);
      List<Piece> chain = new ArrayList<>();
      int cut = random.nextInt(1, 8);
      chain.add(new Piece(address, cut, false));
      chain.add(new Piece(address + cut, 8 - cut, false));
      if (answerBytes > 0) {
        chain.add(new Piece(address + 1024, answerBytes, true));
      }
      int id = ring.offer(chain);
      if (id >= 0) {
        freeSlots.removeLast();
        assertThat(sent.put(id, new Sent(slot, value, answerBytes))).isNull();
        offered++;
        ring.wantsKick();
      }
    }

    /** As an echo that takes its time. */
    private void serve() {
      DescriptorChain taken = queue.take();
      if (taken != null) {
        held.add(taken);
      }
      if (!held.isEmpty() && (taken == null || random.nextBoolean())) {
        DescriptorChain chain = held.remove(random.nextInt(held.size()));
        MemorySegment request = MemorySegment.ofArray(new byte[8]);
        chain.readable().copyTo(0, request);
        int answerBytes = request.get(ValueLayout.JAVA_INT_UNALIGNED, 4);
        assertThat(chain.writable().byteSize()).isEqualTo(answerBytes);
        if (answerBytes > 0) {
          byte[] answer = new byte[answerBytes];
          Arrays.fill(answer, (byte) request.get(ValueLayout.JAVA_INT_UNALIGNED, 0));
          chain.writable().copyFrom(MemorySegment.ofArray(answer), 0);
        }
        chain.complete(answerBytes);
      }
    }

    private void poll() {
      if (random.nextBoolean()) {
        ring.arm();
      } else {
        ring.disarm();
      }
      Used used = ring.poll();
      if (used == null) {
        return;
      }
      returned++;
      Sent back = sent.remove(used.id());
      assertThat(back).isNotNull();
      if (back != null) {
        assertThat(used.written()).isEqualTo(back.answerBytes());
        MemorySegment answer = ram.at(slots + (long) back.slot() * SLOT_BYTES + 1024, 64);
        for (int i = 0; i < back.answerBytes(); i++) {
          assertThat(answer.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) back.value());
        }
        freeSlots.add(back.slot());
      }
    }
  }
}
