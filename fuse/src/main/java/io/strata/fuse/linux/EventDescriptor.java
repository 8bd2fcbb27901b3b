package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A counter that wakes who polls it (eventfd(2)). Never blocks. Safe for any thread.
 *
 * <p>One that another process made is made non-blocking too; it may turn out not to be a counter at
 * all, which does no harm: signals go nowhere then.
 */
public final class EventDescriptor implements AutoCloseable {
  private static final int EFD_CLOEXEC = 02000000;
  private static final int EFD_NONBLOCK = 04000;

  private final Descriptor descriptor;

  private EventDescriptor(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** A new one, at 0. */
  public static EventDescriptor create() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      int number = Libc.eventfd(errno, 0, EFD_CLOEXEC | EFD_NONBLOCK);
      if (number < 0) {
        throw new SystemCallException("eventfd", errno.errno());
      }
      return new EventDescriptor(new Descriptor(number));
    }
  }

  /** Takes over one that another process passed, and closes it if that fails. */
  public static EventDescriptor of(Descriptor passed) throws SystemCallException {
    try {
      passed.setNonBlocking();
      return new EventDescriptor(passed);
    } catch (SystemCallException e) {
      passed.close();
      throw e;
    }
  }

  /** What to poll: readable while the count is above 0. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Adds one to the count.
   *
   * @return 0, or a negative errno; a full counter (EAGAIN) is no error: whoever waits will wake
   */
  public synchronized long signal() {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
      long result;
      do {
        result = descriptor.write(one, errno);
      } while (result == -Errors.EINTR);
      return result == -Errors.EAGAIN ? 0 : Math.min(0, result);
    }
  }

  /** Sets the count to 0: what it was, 0 if it was 0 already, or a negative errno. */
  public synchronized long drain() {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      long result;
      do {
        result = descriptor.read(count, errno);
      } while (result == -Errors.EINTR);
      if (result == -Errors.EAGAIN || result == 0) {
        return 0;
      }
      return result < 0 ? result : Math.max(1, count.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  /** Closes it, not while another thread signals: the number may be another file's by then. */
  @Override
  public synchronized void close() {
    descriptor.close();
  }
}
