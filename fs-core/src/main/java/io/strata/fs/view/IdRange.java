package io.strata.fs.view;

/**
 * Ids that a guest knows under other numbers than the volume.
 *
 * @param guest the first of them in the guest, as an unsigned number of 32 bits
 * @param volume the first of them in the volume
 * @param count how many
 */
public record IdRange(long guest, long volume, long count) {
  /** The highest number stands for no id. */
  private static final long IDS = 0xffff_ffffL;

  public IdRange {
    if (count < 1 || guest < 0 || volume < 0 || guest > IDS - count || volume > IDS - count) {
      throw new IllegalArgumentException(
          "there are no %d ids from %d and %d on".formatted(count, guest, volume));
    }
  }

  /** Reads {@code GUEST:VOLUME:COUNT}. */
  public static IdRange parse(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 3) {
        return new IdRange(number(parts[0]), number(parts[1]), number(parts[2]));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not GUEST:VOLUME:COUNT", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not GUEST:VOLUME:COUNT");
  }

  private static long number(String digits) {
    return Integer.toUnsignedLong(Integer.parseUnsignedInt(digits));
  }

  boolean overlaps(IdRange other) {
    return overlap(guest, other.guest, count, other.count)
        || overlap(volume, other.volume, count, other.count);
  }

  private static boolean overlap(long one, long other, long oneCount, long otherCount) {
    return one < other + otherCount && other < one + oneCount;
  }

  @Override
  public String toString() {
    return guest + ":" + volume + ":" + count;
  }
}
