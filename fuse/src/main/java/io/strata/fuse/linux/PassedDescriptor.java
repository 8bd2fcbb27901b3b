package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Receives a descriptor that another process passes over a socket (SCM_RIGHTS, unix(7)). */
final class PassedDescriptor {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
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

  /** struct cmsghdr with one descriptor. */
  private static final StructLayout CONTROL =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("length"),
          ValueLayout.JAVA_INT.withName("level"),
          ValueLayout.JAVA_INT.withName("type"),
          ValueLayout.JAVA_INT.withName("descriptor"),
          MemoryLayout.paddingLayout(4));

  /** What CONTROL's length says if it holds one descriptor, padding left out. */
  private static final long CONTROL_BYTES = 20;

  private PassedDescriptor() {}

  /** Waits for one; null if the other side closes the socket without passing any. */
  static @Nullable Descriptor receive(Descriptor socket) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment vector = arena.allocate(VECTOR);
      vector.set(ValueLayout.ADDRESS, offset(VECTOR, "base"), arena.allocate(1));
      vector.set(ValueLayout.JAVA_LONG, offset(VECTOR, "length"), 1);
      MemorySegment control = arena.allocate(CONTROL);
      MemorySegment message = arena.allocate(MESSAGE);
      message.set(ValueLayout.ADDRESS, offset(MESSAGE, "vectors"), vector);
      message.set(ValueLayout.JAVA_LONG, offset(MESSAGE, "vectorCount"), 1);
      message.set(ValueLayout.ADDRESS, offset(MESSAGE, "control"), control);
      message.set(ValueLayout.JAVA_LONG, offset(MESSAGE, "controlLength"), CONTROL.byteSize());
      long count;
      do {
        count = Libc.recvmsg(errno, socket.number(), message, MSG_CMSG_CLOEXEC);
      } while (count < 0 && errno.errno() == Errors.EINTR);
      if (count < 0) {
        throw new SystemCallException("recvmsg", errno.errno());
      }
      return count == 0 ? null : rights(control);
    }
  }

  private static @Nullable Descriptor rights(MemorySegment control) {
    boolean passed =
        control.get(ValueLayout.JAVA_LONG, offset(CONTROL, "length")) == CONTROL_BYTES
            && control.get(ValueLayout.JAVA_INT, offset(CONTROL, "level")) == SOL_SOCKET
            && control.get(ValueLayout.JAVA_INT, offset(CONTROL, "type")) == SCM_RIGHTS;
    return passed
        ? new Descriptor(control.get(ValueLayout.JAVA_INT, offset(CONTROL, "descriptor")))
        : null;
  }

  private static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }
}
