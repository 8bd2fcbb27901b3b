package io.strata.segment;

/**
 * What a segment log holds and has done.
 *
 * @param openBytes logical bytes in the open segment
 * @param dirtyBytes logical bytes that the store has not acknowledged, those of the open segment
 *     among them
 * @param residentBytes logical bytes that are read from the log's own memory
 * @param unacknowledgedSegments sealed segments that the store has not acknowledged
 * @param appendedBytes logical bytes ever appended
 * @param storedSegments segments ever stored
 * @param storedBytes bytes of the objects ever stored
 */
public record SegmentLogStats(
    long openBytes,
    long dirtyBytes,
    long residentBytes,
    int unacknowledgedSegments,
    long appendedBytes,
    long storedSegments,
    long storedBytes) {}
