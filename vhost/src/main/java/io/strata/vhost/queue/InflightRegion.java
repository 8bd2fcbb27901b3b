package io.strata.vhost.queue;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.memory.GuestRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Memory that a front end keeps for its back end, so that the next one knows what was in flight
 * when the last one died (vhost-user, "Inflight I/O tracking"). It is to be closed when no queue
 * that was started with it runs any more.
 *
 * <p>Every queue has room for either kind of region, as it may not be known yet which it will be.
 */
public final class InflightRegion implements AutoCloseable {
  private static final int HEADER_BYTES = 32;
  private static final int STATE_BYTES = 32;
  private static final int ALIGNMENT = 64;

  private final Mapping mapping;
  private final int queues;
  private final int entries;

  private InflightRegion(Mapping mapping, int queues, int entries) {
    this.mapping = mapping;
    this.queues = queues;
    this.entries = entries;
  }

  /** How large it is for so many queues of so many entries. */
  public static long byteSize(int queues, int entries) {
    return queues * queueBytes(entries);
  }

  private static long queueBytes(int entries) {
    long bytes = HEADER_BYTES + (long) STATE_BYTES * entries;
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** New memory for it, in which nothing is in flight. */
  public static Descriptor create(int queues, int entries) throws SystemCallException {
    return Descriptor.memory("strata-inflight", byteSize(queues, entries));
  }

  /**
   * Maps it. The descriptor stays the caller's.
   *
   * @throws IOException if it is not large enough, or not to be mapped
   */
  public static InflightRegion map(
      Descriptor file, long offset, long byteSize, int queues, int entries) throws IOException {
    if (queues < 1 || entries < 1 || entries > QueueSettings.ENTRIES_MAX) {
      throw new IOException("inflight region of " + queues + " queues of " + entries + " entries");
    }
    long needed = byteSize(queues, entries);
    if (byteSize < needed || offset < 0 || offset % ALIGNMENT != 0) {
      throw new IOException(
          "inflight region of %d bytes at %d, where %d queues of %d entries need %d"
              .formatted(byteSize, offset, queues, entries, needed));
    }
    return new InflightRegion(Mapping.shared(file, offset, needed), queues, entries);
  }

  /** The part of a queue. */
  RingMemory queue(int index, int queueEntries) {
    if (index >= queues || queueEntries != entries) {
      throw new QueueBrokenException(
          "inflight region of %d queues of %d entries for queue %d of %d"
              .formatted(queues, entries, index, queueEntries));
    }
    long bytes = queueBytes(entries);
    MemorySegment part = mapping.memory().asSlice(index * bytes, bytes);
    return new RingMemory(new GuestRange(0, part), ALIGNMENT);
  }

  @Override
  public void close() {
    mapping.close();
  }
}
