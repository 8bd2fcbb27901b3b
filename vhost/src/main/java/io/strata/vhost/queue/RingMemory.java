package io.strata.vhost.queue;

import io.strata.vhost.memory.GuestRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A structure that driver and device share: little-endian words at fixed places (virtio 1.2, 1.4).
 * Stores become visible in the order in which they are made, and so survive in that order if this
 * process is killed. To be used within {@code GuestAccess} only, and for its sake made of plain
 * accesses and fences; aligned ones are not torn.
 *
 * <p>Not final, so that a test can stop the world at any store.
 */
class RingMemory {
  private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final long guestAddress;

  /**
   * The words in {@code range}.
   *
   * @throws QueueBrokenException if it is not aligned as the specification demands
   */
  RingMemory(GuestRange range, int alignment) {
    this.bytes = range.bytes();
    this.guestAddress = range.guestAddress();
    if (bytes.address() % alignment != 0) {
      throw new QueueBrokenException(
          "a part of the ring at guest address 0x%x is not aligned to %d bytes"
              .formatted(guestAddress, alignment));
    }
  }

  /** Where the guest has it. */
  final long guestAddress() {
    return guestAddress;
  }

  final int u8(long at) {
    return Byte.toUnsignedInt(bytes.get(U8, at));
  }

  final int u16(long at) {
    return Short.toUnsignedInt(bytes.get(U16, at));
  }

  /** Nothing that is read after it can be older than what it says. */
  final int u16Acquire(long at) {
    int value = u16(at);
    VarHandle.acquireFence();
    return value;
  }

  final int u32(long at) {
    return bytes.get(U32, at);
  }

  final long u64(long at) {
    return bytes.get(U64, at);
  }

  void putU8(long at, int value) {
    VarHandle.releaseFence();
    bytes.set(U8, at, (byte) value);
  }

  void putU16(long at, int value) {
    VarHandle.releaseFence();
    bytes.set(U16, at, (short) value);
  }

  void putU32(long at, int value) {
    VarHandle.releaseFence();
    bytes.set(U32, at, value);
  }

  void putU64(long at, long value) {
    VarHandle.releaseFence();
    bytes.set(U64, at, value);
  }
}
