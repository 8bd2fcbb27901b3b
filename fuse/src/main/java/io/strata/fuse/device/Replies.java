package io.strata.fuse.device;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.fuse.linux.Errors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends replies. */
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /** Sends the first {@code bytes} of a reply that may be on the heap. */
  static boolean send(Descriptor device, MemorySegment reply, int bytes) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment message = reply.asSlice(0, bytes);
      if (!message.isNative()) {
        message = scratch.allocate(bytes).copyFrom(message);
      }
      return send(device, message, new ErrnoSlot(scratch));
    }
  }

  /** Sends a whole message where its request came from, and tells whether the kernel took it. */
  static boolean send(Descriptor device, MemorySegment message, ErrnoSlot errno) {
    long result = device.write(message, errno);
    // ENOENT: the kernel does not wait for this reply any more. ENODEV: nor for any.
    if (result < 0 && result != -Errors.ENOENT && result != -Errors.ENODEV) {
      LOG.error("the kernel refused a reply: {}", Errors.text((int) -result));
    }
    return result == message.byteSize();
  }
}
