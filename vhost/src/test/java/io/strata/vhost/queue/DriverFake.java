package io.strata.vhost.queue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A driver that keeps the rules: what both kinds of ring have in common. Confined. */
abstract class DriverFake {
  static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A buffer of a chain. */
  record Buffer(long address, int length, boolean write) {}

  /** What was made available, and what is in its buffers to be read. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sent(int id, byte[] readable, List<Buffer> writable) {
    int writableBytes() {
      return writable.stream().mapToInt(Buffer::length).sum();
    }
  }

  /** What the device gave back. */
  @SuppressWarnings("ArrayRecordComponent")
  record Used(Sent sent, int written, byte[] bytes) {}

  final MemorySegment guest;
  final int entries;
  final boolean eventIndex;
  private final Map<Integer, Sent> inFlight = new HashMap<>();

  DriverFake(MemorySegment guest, int entries, boolean eventIndex) {
    this.guest = guest;
    this.entries = entries;
    this.eventIndex = eventIndex;
  }

  static DriverFake of(GuestFake guest, boolean packed, int entries, boolean eventIndex, int base) {
    return packed
        ? new PackedDriverFake(guest.bytes(), entries, eventIndex)
        : new SplitDriverFake(guest.bytes(), entries, eventIndex, base);
  }

  /** Room for a chain of so many descriptors. */
  abstract boolean hasRoom(int slots);

  /** The id that the next chain has. */
  abstract int nextId();

  /** Makes buffers available; {@code indirect} through a table. */
  abstract void publish(int id, List<Buffer> buffers, boolean indirect);

  /** Whether the device wants to be kicked for what was published since the last call. */
  abstract boolean mustKick();

  /** The id and length of the next used chain; null if there is none. */
  abstract int @Nullable [] nextUsed();

  /** Asks for a notification of the next used chain: whether there is one already. */
  abstract boolean listen();

  abstract void hush();

  /** Makes a random chain available. */
  Sent send(Random random, int readableParts, int writableParts, boolean indirect) {
    int id = nextId();
    int parts = readableParts + writableParts;
    List<Buffer> buffers = new ArrayList<>();
    long at = GuestFake.DATA + (long) id * GuestFake.CHAIN_BYTES;
    for (int i = 0; i < parts; i++) {
      int length = 1 + random.nextInt(GuestFake.CHAIN_BYTES / parts);
      buffers.add(new Buffer(at, length, i >= readableParts));
      at += length;
    }
    List<Buffer> readable = buffers.subList(0, readableParts);
    byte[] data = new byte[readable.stream().mapToInt(Buffer::length).sum()];
    random.nextBytes(data);
    int done = 0;
    for (Buffer buffer : readable) {
      MemorySegment.copy(
          data, done, guest, ValueLayout.JAVA_BYTE, buffer.address(), buffer.length());
      done += buffer.length();
    }
    Sent sent = new Sent(id, data, List.copyOf(buffers.subList(readableParts, parts)));
    inFlight.put(id, sent);
    publish(id, buffers, indirect);
    return sent;
  }

  long writeTable(int id, List<Buffer> buffers, boolean packed) {
    long table = GuestFake.TABLES + (long) id * GuestFake.TABLE_BYTES;
    for (int i = 0; i < buffers.size(); i++) {
      boolean more = i + 1 < buffers.size();
      int write = buffers.get(i).write() ? ChainBuilder.WRITE : 0;
      if (packed) {
        describe(table, i, buffers.get(i), 0xabcd, write);
      } else {
        describe(table, i, buffers.get(i), write | (more ? ChainBuilder.NEXT : 0), i + 1);
      }
    }
    return table;
  }

  /** A descriptor with its last two words, which the kinds of ring have in different order. */
  void describe(long table, int index, Buffer buffer, int first, int second) {
    long at = table + 16L * index;
    guest.set(U64, at, buffer.address());
    guest.set(U32, at + 8, buffer.length());
    guest.set(U16, at + 12, (short) first);
    guest.set(U16, at + 14, (short) second);
  }

  int u16(long at) {
    VarHandle.acquireFence();
    return Short.toUnsignedInt(guest.get(U16, at));
  }

  void put16(long at, int value) {
    VarHandle.releaseFence();
    guest.set(U16, at, (short) value);
  }

  /** Takes all used chains; fails if one is given back that is not in flight. */
  List<Used> receive() {
    List<Used> all = new ArrayList<>();
    for (int[] used = nextUsed(); used != null; used = nextUsed()) {
      Sent sent = inFlight.remove(used[0]);
      if (sent == null) {
        throw new AssertionError("chain " + used[0] + " was used and is not in flight");
      }
      byte[] bytes = new byte[sent.writableBytes()];
      int done = 0;
      for (Buffer buffer : sent.writable()) {
        MemorySegment.copy(
            guest, ValueLayout.JAVA_BYTE, buffer.address(), bytes, done, buffer.length());
        done += buffer.length();
      }
      all.add(new Used(sent, used[1], bytes));
    }
    return all;
  }

  int inFlight() {
    return inFlight.size();
  }
}
