package io.strata.fuse.abi;

import java.lang.foreign.MemorySegment;

/**
 * What every reply and notification begins with ({@code fuse_out_header}, 16 bytes).
 *
 * @param length of the whole message in bytes
 * @param error 0, or a negative errno; in a notification its positive code
 * @param unique of the request; 0 in a notification
 */
public record ReplyHeader(int length, int error, long unique) {
  /** Size on the wire. */
  public static final int BYTES = 16;

  /** Writes it at the start of {@code message}. */
  public void encode(MemorySegment message) {
    message.set(Wire.U32, 0, length);
    message.set(Wire.U32, 4, error);
    message.set(Wire.U64, 8, unique);
  }

  /** Reads it back, as a kernel does. */
  public static ReplyHeader decode(MemorySegment message) {
    return new ReplyHeader(
        message.get(Wire.U32, 0), message.get(Wire.U32, 4), message.get(Wire.U64, 8));
  }
}
