package io.strata.checkpoint;

/**
 * The limits of a checkpoint's packs.
 *
 * @param packBytesMax a pack is sent when its stored pages reach this many bytes, 1 KiB to 256 MiB
 * @param inFlightMax how many packs may be on their way to the store at a time, 1 to 16; a writer
 *     holds at most one pack more in memory
 * @param zstdLevel how hard pages are compressed, 1 to 19
 */
public record PackSizes(int packBytesMax, int inFlightMax, int zstdLevel) {
  /** What a volume uses unless told otherwise. */
  public static final PackSizes DEFAULT = new PackSizes(8 << 20, 3, 3);

  public PackSizes {
    if (packBytesMax < 1 << 10 || packBytesMax > 256 << 20) {
      throw new IllegalArgumentException("packBytesMax: " + packBytesMax);
    }
    if (inFlightMax < 1 || inFlightMax > 16) {
      throw new IllegalArgumentException("inFlightMax: " + inFlightMax);
    }
    if (zstdLevel < 1 || zstdLevel > 19) {
      throw new IllegalArgumentException("zstdLevel: " + zstdLevel);
    }
  }
}
