package io.strata.replay;

import io.strata.replay.format.Dependency;
import java.util.concurrent.CompletableFuture;

/**
 * A segment that is being put.
 *
 * @param segment its name and length
 * @param stored completes when the segment is certainly in the store; a failure is taken as the
 *     segment's never getting there, and ends the log
 */
public record PendingSegment(Dependency segment, CompletableFuture<Void> stored) {}
