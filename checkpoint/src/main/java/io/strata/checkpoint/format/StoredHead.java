package io.strata.checkpoint.format;

import io.strata.replay.format.HeadReference;

/**
 * A head with the checksum that others know it by.
 *
 * @param head the head
 * @param crc CRC32C of its object's payload
 */
public record StoredHead(Head head, int crc) {
  /** A head that is going to be stored. */
  public static StoredHead of(Head head) {
    return new StoredHead(head, HeadCodec.payloadCrc(head));
  }

  /** How the next head, and the log of an epoch that begins with this head, name it. */
  public HeadReference reference() {
    return new HeadReference(head.number(), crc);
  }

  /** The head that the entries of this head's epoch's log name. */
  public HeadReference logHead() {
    HeadReference opened = head.opened();
    return opened == null ? reference() : opened;
  }
}
