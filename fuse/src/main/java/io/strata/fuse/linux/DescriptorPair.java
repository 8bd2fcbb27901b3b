package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Two connected descriptors, neither inherited.
 *
 * @param first of a pipe, where one reads
 * @param second of a pipe, where one writes
 */
public record DescriptorPair(Descriptor first, Descriptor second) implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int CLOEXEC = 02000000; // O_CLOEXEC and SOCK_CLOEXEC are the same

  /** Two ends of a stream socket (socketpair(2)). */
  public static DescriptorPair sockets() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      int result = LibcSockets.socketpair(errno, AF_UNIX, SOCK_STREAM | CLOEXEC, 0, pair);
      return checked("socketpair", result, errno, pair);
    }
  }

  /** A pipe. */
  public static DescriptorPair pipe() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      return checked("pipe2", Libc.pipe2(errno, pair, CLOEXEC), errno, pair);
    }
  }

  private static DescriptorPair checked(
      String call, int result, ErrnoSlot errno, MemorySegment pair) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(call, errno.errno());
    }
    return new DescriptorPair(
        new Descriptor(pair.getAtIndex(ValueLayout.JAVA_INT, 0)),
        new Descriptor(pair.getAtIndex(ValueLayout.JAVA_INT, 1)));
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
