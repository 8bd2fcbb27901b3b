package io.strata.vhost.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestRange;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that is killed at any store, and the next, and the one after that. */
class InflightTest {
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Memory in which only so many more stores happen. */
  private static final class Mortal extends RingMemory {
    private final AtomicInteger storesLeft;

    Mortal(GuestRange range, AtomicInteger storesLeft) {
      super(range, 1);
      this.storesLeft = storesLeft;
    }

    private void live() {
      if (storesLeft.decrementAndGet() < 0) {
        throw new Killed();
      }
    }

    @Override
    void putU8(long at, int value) {
      live();
      super.putU8(at, value);
    }

    @Override
    void putU16(long at, int value) {
      live();
      super.putU16(at, value);
    }

    @Override
    void putU32(long at, int value) {
      live();
      super.putU32(at, value);
    }

    @Override
    void putU64(long at, long value) {
      live();
      super.putU64(at, value);
    }
  }

  /** What outlives processes. */
  private static final class World implements AutoCloseable {
    private final GuestFake guest = new GuestFake();
    private final Descriptor file;
    private final Mapping region;
    private final DriverFake driver;
    private final boolean packed;
    private final int entries;
    private final int firstBase;
    private final List<Integer> order = new ArrayList<>();

    World(boolean packed, int entries) throws Exception {
      this.packed = packed;
      this.entries = entries;
      this.firstBase = packed ? 0x80008000 : 65535;
      this.file = InflightRegion.create(1, entries);
      this.region = Mapping.shared(file, 0, InflightRegion.byteSize(1, entries));
      this.driver = DriverFake.of(guest, packed, entries, false, firstBase);
    }

    VirtQueue process(AtomicInteger stores, int base) {
      QueueSettings settings = guest.settings(entries, packed, true, false, base);
      RingAreas areas = RingAreas.of(settings, guest.memory);
      return VirtQueue.start(
          settings,
          new RingAreas(
              mortal(GuestFake.DESCRIPTORS, 16L * entries, stores),
              areas.driver(),
              mortal(GuestFake.DEVICE, packed ? 4 : 6 + 8L * entries, stores)),
          new Mortal(new GuestRange(0, region.memory()), stores),
          guest.memory,
          new DirtyLog(),
          e -> {
            throw new AssertionError(e);
          });
    }

    private Mortal mortal(long address, long bytes, AtomicInteger stores) {
      return new Mortal(new GuestRange(address, guest.bytes().asSlice(address, bytes)), stores);
    }

    /** Sends something, takes most, completes some out of order; ends by itself or is killed. */
    void live(VirtQueue queue, Random random) {
      List<DescriptorChain> taken = new ArrayList<>();
      for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 2; i++) {
          int parts = 1 + random.nextInt(2);
          boolean indirect = random.nextInt(3) == 0;
          if (driver.hasRoom(indirect ? 1 : parts)) {
            order.add(driver.send(random, parts, 0, indirect).id());
          }
        }
        DescriptorChain chain = queue.take();
        if (chain != null) {
          taken.add(chain);
        }
        if (random.nextBoolean() && !taken.isEmpty()) {
          taken.remove(random.nextInt(taken.size())).complete(0);
        }
        if (random.nextBoolean()) {
          receive();
        }
      }
    }

    void receive() {
      // The driver fails if a chain is given back that is not in flight.
      driver
          .receive()
          .forEach(used -> assertThat(order.remove(Integer.valueOf(used.sent().id()))).isTrue());
    }

    /** All that was sent and not given back comes once more, in order, and then is given back. */
    void settle(VirtQueue queue) {
      receive();
      List<Integer> heads = new ArrayList<>();
      List<DescriptorChain> all = new ArrayList<>();
      for (DescriptorChain chain = queue.take(); chain != null; chain = queue.take()) {
        heads.add(chain.head());
        all.add(chain);
      }
      assertThat(heads).isEqualTo(order);
      all.reversed().forEach(chain -> chain.complete(0));
      receive();
      assertThat(driver.inFlight()).isZero();
      queue.stop();
    }

    @Override
    public void close() {
      region.close();
      file.close();
      guest.close();
    }
  }

  private static final int IMMORTAL = Integer.MAX_VALUE;

  /** Whether it ended by itself before so many stores. */
  private static boolean killedAfter(int stores, Runnable process) {
    try {
      process.run();
      return false;
    } catch (Killed e) {
      assertThat(stores).isLessThan(IMMORTAL);
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({"false,4", "false,8", "true,2", "true,3", "true,4", "true,8"})
  void everyChainIsUsedOnceWhereverProcessesAreKilled(boolean packed, int entries)
      throws Exception {
    int kills = 0;
    for (long seed = 0; seed < 8; seed++) {
      for (int stores = 0; ; stores++) {
        if (!killTwice(packed, entries, seed, stores)) {
          break;
        }
        kills++;
      }
    }
    assertThat(kills).isGreaterThan(8 * 20);
  }

  private static boolean killTwice(boolean packed, int entries, long seed, int stores)
      throws Exception {
    Random random = new Random(seed * 31 + stores);
    try (World world = new World(packed, entries)) {
      // The first process ends somewhere.
      AtomicInteger first = new AtomicInteger(stores);
      boolean killed =
          killedAfter(
              stores, () -> world.live(world.process(first, world.firstBase), new Random(seed)));
      // So does the second, often while it cleans up behind the first.
      int more = random.nextInt(entries + 8);
      killedAfter(
          more, () -> world.live(world.process(new AtomicInteger(more), anyBase(world)), random));
      world.settle(world.process(new AtomicInteger(IMMORTAL), anyBase(world)));
      // And the ring goes on as ever.
      VirtQueue last = world.process(new AtomicInteger(IMMORTAL), anyBase(world));
      world.live(last, random);
      last.stop();
      world.settle(world.process(new AtomicInteger(IMMORTAL), anyBase(world)));
      return killed;
    }
  }

  /** Front ends do not know where the back end was: the region does, once there is one. */
  private static int anyBase(World world) {
    return world.firstBase;
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void aRegionFullOfGarbageIsRefusedOrServed(boolean packed) throws Exception {
    int refused = 0;
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      try (World world = new World(packed, 8)) {
        IntStream.range(0, 3).forEach(i -> world.driver.send(random, 1, 1, false));
        byte[] garbage = new byte[200];
        random.nextBytes(garbage);
        world.region.memory().asSlice(0, 200).copyFrom(MemorySegment.ofArray(garbage));
        world.region.memory().set(DriverFake.U16, 8, (short) 1);
        world.region.memory().set(DriverFake.U16, 10, (short) 8);
        for (long at = 12; at < 32; at += 2) {
          world.region.memory().set(DriverFake.U16, at, (short) random.nextInt(10));
        }
        try {
          VirtQueue queue = world.process(new AtomicInteger(IMMORTAL), world.firstBase);
          for (DescriptorChain chain = queue.take(); chain != null; chain = queue.take()) {
            chain.complete(0);
          }
        } catch (QueueBrokenException e) {
          assertThat(e).hasMessageNotContaining("null");
          refused++;
        } catch (AssertionError e) {
          // told by the queue that broke
          assertThat(e).hasCauseInstanceOf(QueueBrokenException.class);
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }
}
