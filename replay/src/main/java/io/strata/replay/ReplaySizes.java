package io.strata.replay;

import java.time.Duration;

/**
 * The limits of a replay log.
 *
 * @param entryBytesMax an entry is cut when its groups reach this many bytes, 1 KiB to 16 MiB
 * @param inFlightMax how many entries may be under way to the store at a time, 1 to 64
 * @param pendingBytesMax from this many bytes of uncommitted groups on, {@link ReplayLog#admit}
 *     holds writers back; at least {@code entryBytesMax}
 * @param resendDelay how long after the store refused an entry it is sent again, if nobody syncs
 *     before
 */
public record ReplaySizes(
    int entryBytesMax, int inFlightMax, long pendingBytesMax, Duration resendDelay) {
  /** What a volume uses unless told otherwise. */
  public static final ReplaySizes DEFAULT =
      new ReplaySizes(4 << 20, 4, 64 << 20, Duration.ofSeconds(5));

  public ReplaySizes {
    if (entryBytesMax < 1 << 10 || entryBytesMax > 16 << 20) {
      throw new IllegalArgumentException("entryBytesMax: " + entryBytesMax);
    }
    if (inFlightMax < 1 || inFlightMax > 64) {
      throw new IllegalArgumentException("inFlightMax: " + inFlightMax);
    }
    if (pendingBytesMax < entryBytesMax) {
      throw new IllegalArgumentException("pendingBytesMax: " + pendingBytesMax);
    }
    if (resendDelay.isNegative() || resendDelay.isZero()) {
      throw new IllegalArgumentException("resendDelay: " + resendDelay);
    }
  }
}
