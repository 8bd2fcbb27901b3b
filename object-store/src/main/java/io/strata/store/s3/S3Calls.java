package io.strata.store.s3;

import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes the SDK's futures calls that block, can be interrupted, and fail in the port's terms.
 *
 * <p>Safe for use by any thread. Requests beyond the number of connections wait here, in order.
 */
final class S3Calls {
  private final S3Errors errors;
  private final Semaphore connections;

  S3Calls(S3Errors errors, int connectionsMax) {
    this.errors = errors;
    this.connections = new Semaphore(connectionsMax, true);
  }

  /** Sends a request and waits for its answer. */
  <T> T await(String verb, @Nullable ObjectKey key, Supplier<CompletableFuture<T>> request)
      throws StoreException {
    try {
      connections.acquire();
      try {
        return send(verb, key, request);
      } finally {
        connections.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.explain(verb, key, e);
    }
  }

  private <T> T send(String verb, @Nullable ObjectKey key, Supplier<CompletableFuture<T>> request)
      throws StoreException, InterruptedException {
    CompletableFuture<T> answer;
    try {
      answer = request.get();
    } catch (SdkException e) {
      throw errors.explain(verb, key, e);
    }
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw errors.explain(verb, key, cause(e));
    }
  }

  private static Throwable cause(ExecutionException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
