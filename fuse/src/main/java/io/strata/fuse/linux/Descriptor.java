package io.strata.fuse.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor. Closing is safe at any time and happens once; that nobody uses the
 * descriptor any more is up to who closes it.
 */
public final class Descriptor implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 02000000;

  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over a descriptor. */
  Descriptor(int number) {
    this.number = number;
  }

  /** Opens a file for reading and writing, not to be inherited. */
  public static Descriptor open(String path) throws SystemCallException {
    return open(path, O_RDWR);
  }

  /** Opens a file with other flags than O_CLOEXEC, which is always set. */
  static Descriptor open(String path, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      int number = Libc.open(errno, arena.allocateFrom(path), flags | O_CLOEXEC);
      if (number < 0) {
        throw new SystemCallException("open " + path, errno.errno());
      }
      return new Descriptor(number);
    }
  }

  /** Its number, at least 0. */
  public int number() {
    return number;
  }

  /** Reads up to {@code into.byteSize()} bytes: how many, or a negative errno. */
  public long read(MemorySegment into, ErrnoSlot errno) {
    if (closed.get()) {
      return -Errors.EBADF;
    }
    long count = Libc.read(errno, number, into, into.byteSize());
    return count < 0 ? -errno.errno() : count;
  }

  /** Writes {@code from} in one call: how many bytes, or a negative errno. */
  public long write(MemorySegment from, ErrnoSlot errno) {
    if (closed.get()) {
      return -Errors.EBADF;
    }
    long count = Libc.write(errno, number, from, from.byteSize());
    return count < 0 ? -errno.errno() : count;
  }

  /** An ioctl whose argument is a pointer to a 32-bit integer; {@code what} is for the error. */
  public void ioctl(long request, int argument, String what) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment pointer = arena.allocateFrom(ValueLayout.JAVA_INT, argument);
      if (Libc.ioctl(errno, number, request, pointer) < 0) {
        throw new SystemCallException(what, errno.errno());
      }
    }
  }

  /** Closes it; what close(2) answers means nothing for devices, sockets and pipes. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try (Arena arena = Arena.ofConfined()) {
        Libc.close(new ErrnoSlot(arena), number);
      }
    }
  }

  /** Reads to the end, for what a child process says. */
  byte[] readFully() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment buffer = arena.allocate(4096);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      while (true) {
        long count = read(buffer, errno);
        if (count == 0) {
          return all.toByteArray();
        }
        if (count > 0) {
          all.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        } else if (count != -Errors.EINTR) {
          throw new SystemCallException("read", (int) -count);
        }
      }
    }
  }
}
