package io.strata.vhost.queue;

import io.strata.fuse.linux.EventDescriptor;
import io.strata.vhost.memory.DirtyLog;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that serves rings whose memory is cut off at any moment, for a while. It must come to
 * its end by itself, however the virtual machine runs it.
 */
final class TornMemory {
  private static final int ENTRIES = 16;

  private TornMemory() {}

  public static void main(String[] args) throws Exception {
    long end = System.nanoTime() + Duration.parse(args[0]).toNanos();
    int torn = 0;
    for (int round = 0; System.nanoTime() < end; round++) {
      torn += serve(new Random(round), round % 2 == 0) ? 1 : 0;
    }
    System.out.println("torn " + torn + " times");
    System.exit(torn > 0 ? 0 : 1);
  }

  /** Whether the queue noticed; it may have been idle. */
  private static boolean serve(Random random, boolean packed) throws Exception {
    AtomicInteger broken = new AtomicInteger();
    try (GuestFake guest = new GuestFake();
        EventDescriptor kick = EventDescriptor.create()) {
      boolean eventIndex = random.nextBoolean();
      int base = packed ? 0x80008000 : 0;
      DriverFake driver = DriverFake.of(guest, packed, ENTRIES, eventIndex, base);
      VirtQueue queue =
          VirtQueue.start(
              0,
              guest.settings(ENTRIES, packed, true, eventIndex, base),
              guest.memory,
              new DirtyLog(),
              null,
              e -> broken.incrementAndGet());
      List<DescriptorChain> held = new ArrayList<>();
      Random choices = new Random(random.nextLong());
      QueueThread thread =
          new QueueThread("queue", queue, kick, chain -> answer(chain, held, choices));
      drive(driver, guest, kick, random);
      thread.stop();
      held.forEach(chain -> chain.complete(0));
      queue.stop();
    }
    if (broken.get() > 1) {
      throw new IllegalStateException("told " + broken.get() + " times");
    }
    return broken.get() == 1;
  }

  /** Reads, writes and completes, or holds on to it for a while. */
  private static void answer(DescriptorChain chain, List<DescriptorChain> held, Random random) {
    try {
      byte[] request = new byte[(int) chain.readable().byteSize()];
      chain.readable().copyTo(0, MemorySegment.ofArray(request));
      byte[] reply = new byte[random.nextInt((int) chain.writable().byteSize() + 1)];
      chain.writable().copyFrom(MemorySegment.ofArray(reply), 0);
    } catch (QueueBrokenException e) {
      held.add(chain);
      return;
    }
    held.add(chain);
    if (random.nextInt(4) > 0) {
      held.remove(random.nextInt(held.size())).complete(0);
    }
    if (held.size() > ENTRIES / 4) {
      held.removeFirst().complete(0);
    }
  }

  private static void drive(DriverFake driver, GuestFake guest, EventDescriptor kick, Random random)
      throws Exception {
    int requests = random.nextInt(400);
    for (int i = 0; i < requests; i++) {
      if (driver.hasRoom(4)) {
        driver.send(random, 1 + random.nextInt(2), random.nextInt(3), random.nextBoolean());
      }
      if (driver.mustKick()) {
        kick.signal();
      }
      driver.receive();
    }
    guest.file.truncate(random.nextInt(4) * 65536L);
    kick.signal();
    Thread.sleep(1);
  }
}
