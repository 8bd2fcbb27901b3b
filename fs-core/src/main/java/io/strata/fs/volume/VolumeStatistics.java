package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.SpaceUse;
import io.strata.segment.BlockReaderStats;
import io.strata.segment.SegmentLogStats;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an open volume holds and has done; a snapshot whose parts are of slightly different moments.
 *
 * @param volume the volume's UUID
 * @param label its label, possibly empty
 * @param epoch the epoch of its owner
 * @param head number of the newest head
 * @param headTime when that head was written
 * @param space how full it is
 * @param pageBytes tree pages in memory, in bytes
 * @param dirtyPageBytes those of them that were changed since the head
 * @param pendingLogBytes metadata changes that are not durable yet, in bytes
 * @param waiting operations that wait for the store
 * @param longestWait how long the first of them has waited; zero if none does
 * @param treeBytes length of the pack objects that hold the newest head's tree, garbage included
 * @param treePages pages of that tree
 * @param checkpoints checkpoints since it was opened
 * @param checkpointNanos how long the last of them took; 0 if there was none
 * @param checkpointBytes what the last of them wrote in tree pages
 * @param checkpointPages how many pages that were
 * @param segments file data on its way to the store; null if the volume is open for reading only
 * @param blocks file data read
 * @param follow how far behind its owner it is; null if it follows nobody
 * @param compaction what was done about garbage; null if the volume is open for reading only
 * @param lease whether the owner may answer; null if the volume is open for reading only
 */
public record VolumeStatistics(
    String volume,
    String label,
    int epoch,
    long head,
    Instant headTime,
    SpaceUse space,
    long pageBytes,
    long dirtyPageBytes,
    long pendingLogBytes,
    int waiting,
    Duration longestWait,
    long treeBytes,
    long treePages,
    long checkpoints,
    long checkpointNanos,
    long checkpointBytes,
    long checkpointPages,
    @Nullable SegmentLogStats segments,
    BlockReaderStats blocks,
    @Nullable FollowStatistics follow,
    @Nullable CompactionStats compaction,
    @Nullable LeaseState lease) {
  /** Those of a volume that is only read. */
  static VolumeStatistics ofReader(
      VolumeDescriptor volume,
      Head newest,
      TreeAccess access,
      BlockReaderStats blocks,
      @Nullable FollowStatistics follow) {
    return new VolumeStatistics(
        volume.id().toString(),
        volume.label(),
        newest.epoch().value(),
        newest.number(),
        newest.time(),
        ViewedVolume.spaceUse(access),
        access.state().tree().residentBytes(),
        access.state().tree().dirtyBytes(),
        0,
        access.waits().count(),
        access.waits().longest(),
        newest.counters().packBytes(),
        newest.counters().pages(),
        0,
        0,
        0,
        0,
        null,
        blocks,
        follow,
        null,
        null);
  }
}
