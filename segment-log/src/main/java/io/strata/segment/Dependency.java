package io.strata.segment;

import io.strata.store.Nonce;
import java.util.concurrent.CompletableFuture;

/**
 * A segment that must be in the store for a log entry to count.
 *
 * @param nonce the segment
 * @param logicalLength how long its logical stream is; what is found under the name and is shorter
 *     is a tombstone, and the entry is dead
 * @param stored done when the store has the segment; fails with {@link FencedException} when it
 *     never will. Only the segment log completes it.
 */
public record Dependency(Nonce nonce, long logicalLength, CompletableFuture<Void> stored) {}
