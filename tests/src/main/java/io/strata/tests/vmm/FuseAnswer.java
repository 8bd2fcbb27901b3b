package io.strata.tests.vmm;

import java.nio.ByteBuffer;

/**
 * What a FUSE server answered.
 *
 * @param error 0, or a positive errno
 * @param body what follows the header, from 0 to its limit
 * @param connection through which it came, counted from 1
 */
public record FuseAnswer(int error, ByteBuffer body, int connection) {
  /** The header of an answer. */
  static final int HEADER_BYTES = 16;

  /** A 64-bit field. */
  public long u64(int at) {
    return body.getLong(at);
  }

  /** A 32-bit field. */
  public int u32(int at) {
    return body.getInt(at);
  }

  /** All of the body. */
  public byte[] bytes() {
    byte[] bytes = new byte[body.limit()];
    body.get(0, bytes);
    return bytes;
  }
}
