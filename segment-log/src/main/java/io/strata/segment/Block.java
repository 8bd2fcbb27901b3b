package io.strata.segment;

import io.strata.segment.format.Codec;
import io.strata.segment.format.StoredBlock;
import org.jspecify.annotations.Nullable;

/**
 * A block of a segment in memory.
 *
 * <p>Its bytes are written by appends under the log's lock, each once, and read by anyone up to the
 * segment's published length. The stored form is written by the one task that encodes the block,
 * and read by whom the segment's count of encodings made certain that this is over.
 */
final class Block {
  private final byte[] bytes;
  private @Nullable StoredBlock stored;

  Block(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The array that holds the logical bytes; as long as the block, or longer while it is filled. */
  byte[] bytes() {
    return bytes;
  }

  void encode() {
    stored = StoredBlock.encode(bytes, Codec.LZ4);
  }

  StoredBlock stored() {
    StoredBlock encoded = stored;
    if (encoded == null) {
      throw new IllegalStateException("the block is not encoded");
    }
    return encoded;
  }

  /** Forgets the stored form, which nobody will send again. */
  void dropStored() {
    stored = null;
  }
}
