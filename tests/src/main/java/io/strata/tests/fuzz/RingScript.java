package io.strata.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An input of {@link RingFuzz}: what a driver does, byte by byte. Past its end all bytes are 0.
 * Confined to one thread.
 */
final class RingScript {
  private static final int BUFFERS_AT = 0x4000;
  private static final long GUEST = 1 << 20;
  private static final int NEXT = 1;
  private static final int AVAILABLE = 1 << 7;
  private static final int USED = 1 << 15;

  private final byte[] input;
  private final MemorySegment memory;
  private final MemorySegment inflight;
  private int at;

  /** Where the driver is in its ring. */
  private int available;

  private boolean wrap = true;

  RingScript(byte[] input, MemorySegment memory, MemorySegment inflight) {
    this.input = input;
    this.memory = memory;
    this.inflight = inflight;
  }

  boolean hasNext() {
    return at < input.length;
  }

  int next() {
    return at < input.length ? input[at++] & 0xff : 0;
  }

  int word() {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  /** A ring's size: mostly one that may be. */
  int entries() {
    int size = next();
    return size < 224 ? 1 << size % 7 : (size - 224) * 37 - 1;
  }

  /** Where a device goes on if it is told the truth and nothing is in flight. */
  int base(boolean packed) {
    int position = available & 0xffff;
    return packed ? 1 << 15 | 1 << 31 : position;
  }

  /** Writes bytes anywhere in memory, or in what is in flight. */
  void writeAnything() {
    int where = next() | next() << 8;
    int count = next() % 16;
    MemorySegment into = (where & 1) == 0 ? memory : inflight;
    for (int i = 0; i < count; i++) {
      into.set(ValueLayout.JAVA_BYTE, (where / 2 * 4L + i) % into.byteSize(), (byte) next());
    }
  }

  /** Makes a chain available that is more or less right. */
  void makeAvailable(boolean packed, int entries, int driverAt) {
    if (entries < 1 || entries > 64) {
      return;
    }
    int count = 1 + next() % 8;
    int head = next() % entries;
    for (int i = 0; i < count; i++) {
      long address = GUEST + BUFFERS_AT + 64L * next();
      int length = 16 * next();
      int flags = (next() & 7) | (i < count - 1 ? NEXT : 0);
      if (length == 0) {
        address = (long) word() << (next() & 31);
      }
      if (packed) {
        descriptor(available, address, length, head, flags | (wrap ? AVAILABLE : USED));
        available++;
        if (available >= entries) {
          available = 0;
          wrap = !wrap;
        }
      } else {
        int index = (head + i) % entries;
        descriptor(index, address, length, flags, (index + 1) % entries);
      }
    }
    if (!packed) {
      long slot = driverAt + 4 + 2L * (available % entries);
      memory.set(ValueLayout.JAVA_SHORT, slot, (short) head);
      available = available + 1 & 0xffff;
      memory.set(ValueLayout.JAVA_SHORT, driverAt + 2, (short) available);
    }
  }

  private void descriptor(int index, long address, int length, int third, int fourth) {
    long to = 16L * index;
    memory.set(ValueLayout.JAVA_LONG, to, address);
    memory.set(ValueLayout.JAVA_INT, to + 8, length);
    memory.set(ValueLayout.JAVA_SHORT, to + 12, (short) third);
    memory.set(ValueLayout.JAVA_SHORT, to + 14, (short) fourth);
  }

  /** Writes scripts that make sense into a directory. */
  static void writeSeeds(Path directory) throws IOException {
    for (int features = 0; features < 32; features++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int life = 0; life < 2; life++) {
        out.write(features & ~8);
        out.write(4);
        for (int i = 0; i < 20; i++) {
          // One descriptor to read, or one to read and one to write; then the device takes it.
          out.writeBytes(new byte[] {1, (byte) (i & 1), (byte) i, (byte) i, 2, 0});
          if ((i & 1) == 1) {
            out.writeBytes(new byte[] {(byte) (i + 8), 4, 2});
          }
          out.write(i % 3 == 0 ? 3 : 4);
          out.write(i % 5 == 0 ? 6 : 5);
        }
        out.write(7);
      }
      Files.write(directory.resolve("ring" + features), out.toByteArray());
    }
  }
}
