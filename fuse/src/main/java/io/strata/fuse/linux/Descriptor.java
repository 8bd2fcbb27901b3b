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
  private static final int O_NONBLOCK = 04000;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;
  private static final int F_SEAL_SHRINK = 2;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_SIZE = 0x200;

  /** Of struct statx, which is the same on every machine. */
  private static final int STATX_BYTES = 256;

  private static final int STATX_BLOCK_SIZE_AT = 4;
  private static final int STATX_SIZE_AT = 40;

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

  /** Takes over a descriptor that was inherited, or received from another process. */
  public static Descriptor owning(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("descriptor " + number);
    }
    return new Descriptor(number);
  }

  /** Memory of {@code bytes} zeros that has a descriptor but no path (memfd_create(2)). */
  public static Descriptor memory(String name, long bytes) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      int number =
          Libc.memfdCreate(errno, arena.allocateFrom(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
      if (number < 0) {
        throw new SystemCallException("memfd_create " + name, errno.errno());
      }
      Descriptor memory = new Descriptor(number);
      boolean sized = false;
      try {
        memory.truncate(bytes);
        sized = true;
      } finally {
        if (!sized) {
          memory.close();
        }
      }
      return memory;
    }
  }

  /** Makes the file {@code bytes} long. */
  public void truncate(long bytes) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      if (Libc.ftruncate(errno, number, bytes) < 0) {
        throw new SystemCallException("ftruncate to " + bytes + " bytes", errno.errno());
      }
    }
  }

  /** Length and unit of a file. */
  public FileSize size() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment result = arena.allocate(STATX_BYTES, 8);
      MemorySegment noPath = arena.allocateFrom("");
      if (Libc.statx(errno, number, noPath, AT_EMPTY_PATH, STATX_SIZE, result) < 0) {
        throw new SystemCallException("statx", errno.errno());
      }
      return new FileSize(
          result.get(ValueLayout.JAVA_LONG, STATX_SIZE_AT),
          result.get(ValueLayout.JAVA_INT, STATX_BLOCK_SIZE_AT));
    }
  }

  /**
   * How large a file is.
   *
   * @param bytes its length; 0 for what is no file
   * @param blockBytes what the filesystem likes to be asked for, the page's size on hugetlbfs
   */
  public record FileSize(long bytes, int blockBytes) {}

  /** Another descriptor of the same open file, not to be inherited. */
  public Descriptor duplicate() throws SystemCallException {
    return new Descriptor(fcntl(F_DUPFD_CLOEXEC, 0, "duplicate a descriptor"));
  }

  /** Lets no call block on this open file, for whoever shares it too. */
  public void setNonBlocking() throws SystemCallException {
    int flags = fcntl(F_GETFL, 0, "get the flags of a descriptor");
    fcntl(F_SETFL, flags | O_NONBLOCK, "make a descriptor non-blocking");
  }

  /**
   * Makes sure that nobody ever cuts this file off, which is possible for memory without a path.
   *
   * @return whether it is so; else {@code truncate} may still happen
   */
  public boolean sealedAgainstShrinking() {
    try {
      if ((fcntl(F_GET_SEALS, 0, "get seals") & F_SEAL_SHRINK) == 0) {
        fcntl(F_ADD_SEALS, F_SEAL_SHRINK, "add a seal");
      }
      return true;
    } catch (SystemCallException e) {
      return false;
    }
  }

  private int fcntl(int command, int argument, String what) throws SystemCallException {
    if (closed.get()) {
      throw new SystemCallException(what, Errors.EBADF);
    }
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      int result = Libc.fcntl(errno, number, command, argument);
      if (result < 0) {
        throw new SystemCallException(what, errno.errno());
      }
      return result;
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
