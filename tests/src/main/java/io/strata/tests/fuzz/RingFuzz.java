package io.strata.tests.fuzz;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.MemoryRegion;
import io.strata.vhost.queue.DescriptorChain;
import io.strata.vhost.queue.InflightRegion;
import io.strata.vhost.queue.QueueBrokenException;
import io.strata.vhost.queue.QueueSettings;
import io.strata.vhost.queue.VirtQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A driver of any kind against a virtqueue of either kind: what it writes to its memory, and when the
 * device takes and completes chains, is the input's to say; so is what is in the inflight region when
 * the device comes.
 *
 * <p>Nothing but a {@link QueueBrokenException} may come of it, no chain may be taken twice, and what
 * no descriptor lets the device write must stay as it was.
 */
public final class RingFuzz {
  private static final int MEMORY_BYTES = 1 << 16;
  private static final long GUEST = 1 << 20;
  private static final long USER = 0x7f00_0000_0000L;

  /** Where things lie in memory; what lies behind is for buffers. */
  private static final int DRIVER_AT = 0x2000;

  private static final int DEVICE_AT = 0x3000;

  /** A part that no descriptor can be made to point to by accident. */
  private static final int GUARD_BYTES = 4096;

  private static final int QUEUE_SIZE_MAX = 64;

  /** Memory of the guest and of its neighbour, and what is in flight; the same for all inputs. */
  private static final class Place {
    private final MemorySegment memory;
    private final MemorySegment neighbour;
    private final MemorySegment inflightBytes;
    private final GuestMemory table;
    private final Descriptor inflightFile;

    private Place() throws IOException {
      // The region is the middle of the file: what lies before and after is not lent.
      long all = MEMORY_BYTES + 2L * GUARD_BYTES;
      Descriptor file = Descriptor.memory("fuzz", all);
      neighbour = Mapping.shared(file, 0, all).memory();
      memory = neighbour.asSlice(GUARD_BYTES, MEMORY_BYTES);
      table =
          GuestMemory.of(List.of(MemoryRegion.map(file, GUEST, MEMORY_BYTES, USER, GUARD_BYTES)));
      inflightFile = InflightRegion.create(1, QUEUE_SIZE_MAX);
      inflightBytes =
          Mapping.shared(inflightFile, 0, InflightRegion.byteSize(1, QUEUE_SIZE_MAX)).memory();
    }

    private static Place make() {
      try {
        return new Place();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final Place PLACE = Place.make();

  private final RingScript script;
  private final Deque<DescriptorChain> held = new ArrayDeque<>();
  private final Set<Integer> heads = new HashSet<>();
  private final MemorySegment copy = MemorySegment.ofArray(new byte[512]);
  private @Nullable QueueBrokenException broken;

  private RingFuzz(RingScript script) {
    this.script = script;
  }

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    PLACE.memory.fill((byte) 0);
    PLACE.inflightBytes.fill((byte) 0);
    PLACE.neighbour.asSlice(0, GUARD_BYTES).fill((byte) 0x5a);
    RingScript script = new RingScript(input, PLACE.memory, PLACE.inflightBytes);
    try (DirtyLog log = new DirtyLog()) {
      new RingFuzz(script).run(log);
    }
    MemorySegment before = PLACE.neighbour.asSlice(0, GUARD_BYTES);
    for (long at = 0; at < GUARD_BYTES; at += 8) {
      if (before.get(ValueLayout.JAVA_LONG, at) != 0x5a5a5a5a5a5a5a5aL) {
        throw new AssertionError("memory of a neighbour was written");
      }
    }
  }

  private void run(DirtyLog log) throws IOException {
    int lives = 0;
    while (script.hasNext() && lives < 4) {
      live(log);
      lives++;
    }
  }

  /** One life of the device; the driver's memory and what is in flight stay. */
  private void live(DirtyLog log) throws IOException {
    int features = script.next();
    boolean packed = (features & 1) != 0;
    int entries = script.entries();
    QueueSettings settings =
        new QueueSettings(
            entries,
            packed,
            (features & 2) != 0,
            (features & 4) != 0,
            USER,
            USER + DRIVER_AT,
            USER + DEVICE_AT,
            (features & 8) != 0 ? script.word() : script.base(packed));
    held.clear();
    heads.clear();
    broken = null;
    boolean tracked = (features & 16) != 0 && entries >= 1 && entries <= QUEUE_SIZE_MAX;
    InflightRegion region =
        tracked
            ? InflightRegion.map(
                PLACE.inflightFile, 0, InflightRegion.byteSize(1, QUEUE_SIZE_MAX), 1, entries)
            : null;
    try {
      VirtQueue queue = VirtQueue.start(0, settings, PLACE.table, log, region, e -> broken = e);
      try {
        work(queue, packed, entries);
      } finally {
        queue.stop();
      }
    } catch (QueueBrokenException _) {
      // That is what may become of it.
    } finally {
      if (region != null) {
        region.close();
      }
    }
  }

  private void work(VirtQueue queue, boolean packed, int entries) {
    while (script.hasNext()) {
      switch (script.next() & 7) {
        case 0 -> script.writeAnything();
        case 1, 2 -> script.makeAvailable(packed, entries, DRIVER_AT);
        case 3 -> take(queue);
        case 4 -> {
          take(queue);
          complete();
        }
        case 5 -> complete();
        case 6 -> {
          queue.hush();
          if (queue.listen()) {
            take(queue);
          }
        }
        default -> {
          return; // the device dies here, with what it holds
        }
      }
    }
  }

  private void take(VirtQueue queue) {
    DescriptorChain chain = queue.take();
    if (broken != null) {
      throw new AssertionError("a broken queue goes on", broken);
    }
    if (chain == null) {
      return;
    }
    if (!heads.add(chain.head())) {
      throw new AssertionError("chain " + chain.head() + " was taken twice");
    }
    long bytes = chain.readable().byteSize();
    int count = (int) Math.min(bytes, copy.byteSize());
    if (count > 0) {
      chain.readable().copyTo(bytes - count, copy.asSlice(0, count));
    }
    held.add(chain);
  }

  private void complete() {
    DescriptorChain chain = held.poll();
    if (chain == null) {
      return;
    }
    heads.remove(chain.head());
    long bytes = chain.writable().byteSize();
    int count = (int) Math.min(bytes, copy.byteSize());
    if (count > 0) {
      chain.writable().copyFrom(copy.asSlice(0, count), bytes - count);
    }
    chain.complete(count);
  }
}
