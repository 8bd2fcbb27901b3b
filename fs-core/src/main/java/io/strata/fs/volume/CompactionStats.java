package io.strata.fs.volume;

import java.time.Duration;

/**
 * What compaction has done since a volume was opened.
 *
 * @param segments segments that were emptied
 * @param copiedBytes what was live in them and was copied
 * @param slowing whether writes are slowed because it cannot follow them
 * @param slowed for how long they have been so far
 */
public record CompactionStats(
    long segments, long copiedBytes, boolean slowing, Duration slowed) {}
