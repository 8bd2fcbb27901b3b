package io.strata.replay.format;

/**
 * The head that an epoch began with. Every entry of the epoch's log names it, so that a log is
 * never replayed on a volume that it was not written for.
 *
 * @param number the head's number, from 1
 * @param crc CRC32C of the head object's payload
 */
public record HeadReference(long number, int crc) {
  public HeadReference {
    if (number < 1) {
      throw new IllegalArgumentException("no such head: " + number);
    }
  }

  @Override
  public String toString() {
    return "head %d (checksum %08x)".formatted(number, crc);
  }
}
