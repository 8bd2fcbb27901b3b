package io.strata.segment;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import java.util.concurrent.CompletableFuture;

/**
 * A segment that takes no more bytes.
 *
 * <p>Both futures are completed by the segment log only, outside its locks, on a thread of its own;
 * what depends on them must be short.
 *
 * @param nonce its name
 * @param logicalLength length of its logical stream in bytes, more than 0
 * @param index done when its blocks are compressed
 * @param stored done when the store has it; fails with {@link FencedException} when it never will
 */
public record SealedSegment(
    Nonce nonce,
    long logicalLength,
    CompletableFuture<SegmentIndex> index,
    CompletableFuture<Void> stored) {}
