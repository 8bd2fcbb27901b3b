package io.strata.vhost.memory;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Tells a front end that migrates its guest which pages were written meanwhile: one bit for each
 * 4096 bytes of guest memory, from address 0 on (vhost-user, "Migration"). One for a connection; it
 * does nothing until somebody listens.
 *
 * <p>Who writes says so afterwards. Then either the page is marked, or the write came before the
 * log began and is in the first copy that the front end makes.
 */
public final class DirtyLog implements AutoCloseable {
  private static final int PAGE_SHIFT = 12;

  /** Bits are set in whole words, which the front end takes and clears as wholes. */
  private static final VarHandle WORDS =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private static final int WORD_BYTES = 8;
  private static final int WORD_BITS = 64;

  private volatile @Nullable Mapping log;
  private volatile @Nullable EventDescriptor listener;

  /**
   * Begins, or goes on in other memory.
   *
   * @throws InvalidGuestMemory if the log is not a whole number of words in this file, or the file
   *     can be cut off: bits are set with atomic instructions, which the virtual machine could not
   *     survive then (see {@link GuestAccess})
   */
  public void begin(Descriptor file, long offset, long byteSize) throws InvalidGuestMemory {
    if (byteSize <= 0 || byteSize % WORD_BYTES != 0 || offset % WORD_BYTES != 0) {
      throw new InvalidGuestMemory("dirty log of " + byteSize + " bytes at " + offset);
    }
    if (!file.sealedAgainstShrinking()) {
      throw new InvalidGuestMemory("dirty log in a file that can be cut off, and not be sealed");
    }
    try {
      replace(Mapping.shared(file, offset, byteSize));
    } catch (SystemCallException e) {
      throw new InvalidGuestMemory("dirty log: " + e.getMessage(), e);
    }
  }

  /** Logs no more. */
  public void end() {
    replace(null);
  }

  /** Whom to wake when something was logged; takes over the descriptor. */
  public void listener(@Nullable EventDescriptor event) {
    EventDescriptor before = listener;
    listener = event;
    if (before != null) {
      before.close();
    }
  }

  private synchronized void replace(@Nullable Mapping next) {
    Mapping before = log;
    log = next;
    if (before != null) {
      before.close();
    }
  }

  /**
   * Says that bytes were written, of a range that is in guest memory.
   *
   * @throws GuestMemoryGone if the log does not cover them: migration must fail then
   */
  public void wrote(long guestAddress, long byteSize) {
    Mapping current = log;
    while (current != null) {
      try {
        mark(current.memory(), guestAddress, byteSize);
        return;
      } catch (GuestMemoryGone e) {
        if (log == current) {
          throw e;
        }
        // Unmapped because there is another by now, or none.
        current = log;
      }
    }
  }

  private static void mark(MemorySegment bits, long guestAddress, long byteSize) {
    long first = guestAddress >>> PAGE_SHIFT;
    long last = (guestAddress + byteSize - 1) >>> PAGE_SHIFT;
    if (byteSize <= 0) {
      return;
    }
    GuestAccess.run(
        () -> {
          if (last / WORD_BITS >= bits.byteSize() / WORD_BYTES) {
            throw new IllegalStateException("the dirty log ends before page " + last);
          }
          for (long word = first / WORD_BITS; word <= last / WORD_BITS; word++) {
            long from = Math.max(first - word * WORD_BITS, 0);
            long to = Math.min(last - word * WORD_BITS, WORD_BITS - 1);
            long mask = (-1L << from) & (-1L >>> (WORD_BITS - 1 - to));
            WORDS.getAndBitwiseOr(bits, word * WORD_BYTES, mask);
          }
        });
  }

  /** Wakes whoever listens, after something was logged. */
  public void flush() {
    EventDescriptor event = listener;
    if (event != null && log != null) {
      event.signal();
    }
  }

  @Override
  public void close() {
    end();
    listener(null);
  }
}
