package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for any of several descriptors (poll(2)). Confined to the thread that makes it, which
 * should be a platform thread.
 */
public final class Poll implements AutoCloseable {
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;

  /** struct pollfd: descriptor, events, events that came. */
  private static final int ENTRY_BYTES = 8;

  private static final int EVENTS_AT = 4;
  private static final int CAME_AT = 6;

  private final Arena arena = Arena.ofConfined();
  private final ErrnoSlot errno = new ErrnoSlot(arena);
  private final MemorySegment entries;
  private final int count;

  /** Waits until one of {@code descriptors} can be read, or has ended. */
  public Poll(List<Descriptor> descriptors) {
    this(descriptors, POLLIN);
  }

  /** Waits until {@code out} can be written, or {@code stop} can be read. */
  public static Poll toWrite(Descriptor out, Descriptor stop) {
    return new Poll(List.of(out, stop), POLLOUT);
  }

  /** What the first one is waited for is {@code first}; the others are to be read. */
  private Poll(List<Descriptor> descriptors, short first) {
    this.count = descriptors.size();
    this.entries = arena.allocate((long) ENTRY_BYTES * count, 4);
    for (int i = 0; i < count; i++) {
      long at = (long) ENTRY_BYTES * i;
      entries.set(ValueLayout.JAVA_INT, at, descriptors.get(i).number());
      entries.set(ValueLayout.JAVA_SHORT, at + EVENTS_AT, i == 0 ? first : POLLIN);
    }
  }

  /**
   * Waits.
   *
   * @param atMost how long, in whole milliseconds; null for without end, zero for not at all
   * @return whether one is ready
   */
  public boolean await(@Nullable Duration atMost) throws SystemCallException {
    long began = System.nanoTime();
    while (true) {
      int millis = -1;
      if (atMost != null) {
        long left = atMost.toNanos() - (System.nanoTime() - began);
        millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 0, Integer.MAX_VALUE);
      }
      int ready = Libc.poll(errno, entries, count, millis);
      if (ready >= 0) {
        return ready > 0;
      }
      if (errno.errno() != Errors.EINTR) {
        throw new SystemCallException("poll", errno.errno());
      }
    }
  }

  /** Whether the descriptor at {@code index} was ready when last waited for. */
  public boolean ready(int index) {
    return entries.get(ValueLayout.JAVA_SHORT, (long) ENTRY_BYTES * index + CAME_AT) != 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
