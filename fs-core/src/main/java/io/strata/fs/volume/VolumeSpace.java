package io.strata.fs.volume;

import java.util.List;

/**
 * What a volume's objects hold, and why what is garbage is still there. All in bytes; as of the
 * newest checkpoint, but for what files hold.
 *
 * @param fileBytes what files hold; bytes that several share count for each
 * @param segments data objects that files refer to
 * @param segmentBytes their length
 * @param liveBytes uncompressed, what files refer to in them
 * @param logicalBytes uncompressed, all that they hold: the rest is garbage until it is compacted
 * @param packs objects with pages of the tree
 * @param packBytes their length
 * @param deadObjects objects that nothing refers to any more and that are not deleted yet
 * @param deadBytes their length
 * @param unpinnedBytes those of them that go at the next checkpoint
 * @param sharedBytes how much of segments and packs belongs to the volume that this one was cloned
 *     from, and takes no room here
 * @param pins what keeps the others, oldest first
 */
public record VolumeSpace(
    long fileBytes,
    long segments,
    long segmentBytes,
    long liveBytes,
    long logicalBytes,
    long packs,
    long packBytes,
    long deadObjects,
    long deadBytes,
    long unpinnedBytes,
    long sharedBytes,
    List<Pin> pins) {
  public VolumeSpace {
    pins = List.copyOf(pins);
  }

  /**
   * A kept checkpoint that dead objects are there for.
   *
   * @param head its number
   * @param snapshot its name, or all that it has; empty for a checkpoint that is retained for a while
   * @param bytes of objects that it needs and the newest does not
   * @param aloneBytes those of them that no other one needs: they go with it
   */
  public record Pin(long head, String snapshot, long bytes, long aloneBytes) {}
}
