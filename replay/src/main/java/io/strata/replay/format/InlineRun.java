package io.strata.replay.format;

import io.strata.store.Nonce;
import java.nio.ByteBuffer;

/**
 * Bytes of a segment that ride inside a log entry, because the segment is not stored yet.
 *
 * @param nonce the segment's name
 * @param logicalOffset where in the segment's logical stream they belong, at least 0
 * @param bytes the bytes, from position to limit; never changed
 */
public record InlineRun(Nonce nonce, long logicalOffset, ByteBuffer bytes) {
  public InlineRun {
    if (logicalOffset < 0) {
      throw new IllegalArgumentException("inline run at " + logicalOffset);
    }
    bytes = bytes.asReadOnlyBuffer();
  }

  /** A view of the bytes that is the caller's own. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** The offset after the last byte. */
  public long logicalEnd() {
    return logicalOffset + bytes.remaining();
  }
}
