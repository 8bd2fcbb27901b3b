package io.strata.segment;

import io.strata.store.Nonce;
import java.nio.ByteBuffer;

/**
 * Bytes of a segment that ride in a log entry.
 *
 * @param nonce the segment
 * @param logicalOffset where in its logical stream they begin
 * @param bytes what remains in this buffer: at least 1 byte; nobody moves its position
 */
public record InlineRun(Nonce nonce, long logicalOffset, ByteBuffer bytes) {
  /** The logical offset behind the last byte. */
  public long end() {
    return logicalOffset + bytes.remaining();
  }
}
