package io.strata.vhost.queue;

import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.GuestRange;
import io.strata.vhost.memory.OutsideGuestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the buffers of one chain from its descriptors and refuses what no driver may do (virtio
 * 1.2, 2.7.4, 2.7.5 and 2.8.5). A descriptor that comes here is a copy. Confined.
 */
final class ChainBuilder {
  /** Of a descriptor's flags: the same in both kinds of ring. */
  static final int NEXT = 1;

  static final int WRITE = 1 << 1;
  static final int INDIRECT = 1 << 2;

  /** Both kinds of descriptor have 16 bytes. */
  static final int DESCRIPTOR_BYTES = 16;

  /** Of all buffers of a chain. No device here has use for as much. */
  static final long CHAIN_BYTES_MAX = 16L << 20;

  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final GuestMemory memory;
  private final boolean indirectAllowed;
  private final boolean packed;
  private final List<GuestRange> readable = new ArrayList<>(2);
  private final List<GuestRange> writable = new ArrayList<>(2);
  private long bytes;

  ChainBuilder(GuestMemory memory, boolean indirectAllowed, boolean packed) {
    this.memory = memory;
    this.indirectAllowed = indirectAllowed;
    this.packed = packed;
  }

  List<GuestRange> readable() {
    return readable;
  }

  List<GuestRange> writable() {
    return writable;
  }

  /** Adds what a descriptor of the ring stands for: a buffer, or a table of buffers. */
  void add(long address, int length, int flags) {
    if ((flags & INDIRECT) == 0) {
      addBuffer(address, length, flags);
      return;
    }
    if (!indirectAllowed) {
      throw new QueueBrokenException("an indirect descriptor, which was not agreed on");
    }
    if ((flags & NEXT) != 0) {
      throw new QueueBrokenException("an indirect descriptor that goes on");
    }
    addTable(copyOfTable(address, length));
  }

  private void addBuffer(long address, int length, int flags) {
    if (length == 0) {
      throw new QueueBrokenException("a buffer of no bytes");
    }
    boolean write = (flags & WRITE) != 0;
    if (!write && !writable.isEmpty()) {
      throw new QueueBrokenException("a buffer to read behind one to write");
    }
    bytes += Integer.toUnsignedLong(length);
    if (bytes > CHAIN_BYTES_MAX) {
      throw new QueueBrokenException("a chain of more than " + CHAIN_BYTES_MAX + " bytes");
    }
    try {
      memory.translate(address, Integer.toUnsignedLong(length), write ? writable : readable);
    } catch (OutsideGuestMemory e) {
      throw new QueueBrokenException(e);
    }
  }

  /** The guest may change a table while it is read. */
  private MemorySegment copyOfTable(long address, int length) {
    int entries = length / DESCRIPTOR_BYTES;
    if (length <= 0 || length % DESCRIPTOR_BYTES != 0 || entries > QueueSettings.ENTRIES_MAX) {
      throw new QueueBrokenException(
          "an indirect table of " + Integer.toUnsignedString(length) + " bytes");
    }
    List<GuestRange> pieces = new ArrayList<>(1);
    try {
      memory.translate(address, length, pieces);
    } catch (OutsideGuestMemory e) {
      throw new QueueBrokenException(e);
    }
    MemorySegment table = MemorySegment.ofArray(new byte[length]);
    long at = 0;
    for (GuestRange piece : pieces) {
      table.asSlice(at, piece.byteSize()).copyFrom(piece.bytes());
      at += piece.byteSize();
    }
    return table;
  }

  /** In a packed ring's table every entry counts, in a split ring's those that are chained. */
  private void addTable(MemorySegment table) {
    int entries = (int) table.byteSize() / DESCRIPTOR_BYTES;
    int index = 0;
    for (int seen = 0; seen < entries; seen++) {
      long at = (long) index * DESCRIPTOR_BYTES;
      int flags = table.get(U16, at + (packed ? 14 : 12));
      if ((flags & INDIRECT) != 0) {
        throw new QueueBrokenException("an indirect table in an indirect table");
      }
      addBuffer(table.get(U64, at), table.get(U32, at + 8), flags);
      if (packed) {
        index++;
      } else if ((flags & NEXT) == 0) {
        return;
      } else {
        index = Short.toUnsignedInt(table.get(U16, at + 14));
        if (index >= entries) {
          throw new QueueBrokenException(
              "descriptor " + index + " of an indirect table of " + entries);
        }
      }
    }
    if (!packed) {
      throw new QueueBrokenException("an indirect table whose descriptors form a loop");
    }
  }
}
