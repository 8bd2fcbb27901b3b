package io.strata.vhost.queue;

import io.strata.vhost.memory.GuestRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A structure that driver and device share: little-endian words at fixed places (virtio 1.2, 1.4).
 * Stores become visible in the order in which they are made, and so survive in that order if this
 * process is killed. To be used within {@code GuestAccess} only.
 *
 * <p>Not final, so that a test can stop the world at any store.
 */
class RingMemory {
  private static final VarHandle U8 = ValueLayout.JAVA_BYTE.varHandle();
  private static final VarHandle U16 = handle(ValueLayout.JAVA_SHORT);
  private static final VarHandle U32 = handle(ValueLayout.JAVA_INT);
  private static final VarHandle U64 = handle(ValueLayout.JAVA_LONG);

  private final MemorySegment bytes;
  private final long guestAddress;

  private static VarHandle handle(ValueLayout layout) {
    return layout.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  }

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
    return Byte.toUnsignedInt((byte) U8.getOpaque(bytes, at));
  }

  final int u16(long at) {
    return Short.toUnsignedInt((short) U16.getOpaque(bytes, at));
  }

  /** Nothing that is read after it can be older than what it says. */
  final int u16Acquire(long at) {
    return Short.toUnsignedInt((short) U16.getAcquire(bytes, at));
  }

  final int u32(long at) {
    return (int) U32.getOpaque(bytes, at);
  }

  final long u64(long at) {
    return (long) U64.getOpaque(bytes, at);
  }

  void putU8(long at, int value) {
    // There is no release mode for bytes.
    VarHandle.releaseFence();
    U8.set(bytes, at, (byte) value);
  }

  void putU16(long at, int value) {
    U16.setRelease(bytes, at, (short) value);
  }

  void putU32(long at, int value) {
    U32.setRelease(bytes, at, value);
  }

  void putU64(long at, long value) {
    U64.setRelease(bytes, at, value);
  }
}
