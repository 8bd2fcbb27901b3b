package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Bytes with descriptors beside them, over a Unix-domain socket (SCM_RIGHTS, unix(7)). */
public final class SocketMessage {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CTRUNC = 8;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  /** struct msghdr of 64-bit Linux. */
  private static final StructLayout MESSAGE =
      MemoryLayout.structLayout(
          ValueLayout.ADDRESS.withName("name"),
          ValueLayout.JAVA_INT.withName("nameLength"),
          MemoryLayout.paddingLayout(4),
          ValueLayout.ADDRESS.withName("vectors"),
          ValueLayout.JAVA_LONG.withName("vectorCount"),
          ValueLayout.ADDRESS.withName("control"),
          ValueLayout.JAVA_LONG.withName("controlLength"),
          ValueLayout.JAVA_INT.withName("flags"),
          MemoryLayout.paddingLayout(4));

  /** struct iovec. */
  private static final StructLayout VECTOR =
      MemoryLayout.structLayout(
          ValueLayout.ADDRESS.withName("base"), ValueLayout.JAVA_LONG.withName("length"));

  /** struct cmsghdr: length with header, level, type. Data and the next one are aligned to 8. */
  private static final int CONTROL_HEADER_BYTES = 16;

  private static final int LEVEL_AT = 8;
  private static final int TYPE_AT = 12;

  private SocketMessage() {}

  /**
   * What was received.
   *
   * @param bytes how many; 0 at the end of the stream
   * @param descriptors what came with them, not to be inherited; the receiver owns them
   * @param tooMany whether there were more descriptors than asked for, which are closed
   */
  public record Received(int bytes, List<Descriptor> descriptors, boolean tooMany) {}

  /** Waits for bytes, up to {@code into.byteSize()}, and what comes with the first of them. */
  public static Received receive(Descriptor socket, MemorySegment into, int descriptorsMax)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(controlBytes(descriptorsMax), 8);
      MemorySegment message = message(arena, into, control);
      ErrnoSlot errno = new ErrnoSlot(arena);
      long count;
      do {
        count = LibcSockets.recvmsg(errno, socket.number(), message, MSG_CMSG_CLOEXEC);
      } while (count < 0 && errno.errno() == Errors.EINTR);
      if (count < 0) {
        throw new SystemCallException("recvmsg", errno.errno());
      }
      long filled = message.get(ValueLayout.JAVA_LONG, offset(MESSAGE, "controlLength"));
      int flags = message.get(ValueLayout.JAVA_INT, offset(MESSAGE, "flags"));
      return new Received(
          (int) count, rights(control.asSlice(0, filled)), (flags & MSG_CTRUNC) != 0);
    }
  }

  /** Sends bytes, with descriptors beside the first of them: how many bytes were taken. */
  public static int send(Descriptor socket, MemorySegment from, List<Descriptor> with)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control =
          with.isEmpty() ? MemorySegment.NULL : arena.allocate(controlBytes(with.size()), 8);
      if (!with.isEmpty()) {
        control.set(
            ValueLayout.JAVA_LONG, 0, CONTROL_HEADER_BYTES + (long) Integer.BYTES * with.size());
        control.set(ValueLayout.JAVA_INT, LEVEL_AT, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, TYPE_AT, SCM_RIGHTS);
        for (int i = 0; i < with.size(); i++) {
          long at = CONTROL_HEADER_BYTES + (long) Integer.BYTES * i;
          control.set(ValueLayout.JAVA_INT, at, with.get(i).number());
        }
      }
      MemorySegment message = message(arena, from, control);
      ErrnoSlot errno = new ErrnoSlot(arena);
      long count;
      do {
        count = LibcSockets.sendmsg(errno, socket.number(), message, MSG_NOSIGNAL);
      } while (count < 0 && errno.errno() == Errors.EINTR);
      if (count < 0) {
        throw new SystemCallException("sendmsg", errno.errno());
      }
      return (int) count;
    }
  }

  private static MemorySegment message(Arena arena, MemorySegment bytes, MemorySegment control) {
    MemorySegment vector = arena.allocate(VECTOR);
    vector.set(ValueLayout.ADDRESS, offset(VECTOR, "base"), bytes);
    vector.set(ValueLayout.JAVA_LONG, offset(VECTOR, "length"), bytes.byteSize());
    MemorySegment message = arena.allocate(MESSAGE);
    message.set(ValueLayout.ADDRESS, offset(MESSAGE, "vectors"), vector);
    message.set(ValueLayout.JAVA_LONG, offset(MESSAGE, "vectorCount"), 1);
    message.set(ValueLayout.ADDRESS, offset(MESSAGE, "control"), control);
    message.set(ValueLayout.JAVA_LONG, offset(MESSAGE, "controlLength"), control.byteSize());
    return message;
  }

  private static long controlBytes(int descriptors) {
    return aligned(CONTROL_HEADER_BYTES + (long) Integer.BYTES * descriptors);
  }

  private static List<Descriptor> rights(MemorySegment control) {
    List<Descriptor> rights = new ArrayList<>();
    long at = 0;
    while (at + CONTROL_HEADER_BYTES <= control.byteSize()) {
      long length = control.get(ValueLayout.JAVA_LONG, at);
      if (length < CONTROL_HEADER_BYTES || length > control.byteSize() - at) {
        break;
      }
      if (control.get(ValueLayout.JAVA_INT, at + LEVEL_AT) == SOL_SOCKET
          && control.get(ValueLayout.JAVA_INT, at + TYPE_AT) == SCM_RIGHTS) {
        for (long data = CONTROL_HEADER_BYTES; data < length; data += Integer.BYTES) {
          rights.add(new Descriptor(control.get(ValueLayout.JAVA_INT, at + data)));
        }
      }
      at += aligned(length);
    }
    return List.copyOf(rights);
  }

  private static long aligned(long bytes) {
    return bytes + 7 & ~7;
  }

  private static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }
}
