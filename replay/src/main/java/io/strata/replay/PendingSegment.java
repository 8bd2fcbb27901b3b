package io.strata.replay;

import io.strata.replay.format.Dependency;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A segment that is being put.
 *
 * @param segment its name and length
 * @param stored completes when the segment is certainly in the store; a failure is taken as the
 *     segment's never getting there, and ends the log
 */
public record PendingSegment(Dependency segment, CompletableFuture<Void> stored) {
  /** Waits until it is stored, or certain never to be. */
  void await() throws InterruptedException, ReplayFailure.Fenced {
    try {
      stored.get();
    } catch (ExecutionException | CancellationException e) {
      String what = "segment %s will never be stored".formatted(segment.nonce());
      throw new ReplayFailure.Fenced(what, e);
    }
  }
}
