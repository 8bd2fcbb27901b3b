package io.strata.store.s3;

import io.strata.platform.Clock;
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
 * <p>Safe for use by any thread. Requests beyond the window wait here, in order; and reads leave
 * some connections alone, so that a commit does not wait behind a thousand of them.
 */
final class S3Calls {
  private final S3Errors errors;
  private final Clock clock;
  private final RequestWindow window;
  private final Semaphore reads;

  S3Calls(S3Errors errors, int connectionsMax, Clock clock) {
    this.errors = errors;
    this.clock = clock;
    this.window = new RequestWindow(connectionsMax, clock);
    this.reads = new Semaphore(Math.max(1, connectionsMax - (connectionsMax + 7) / 8), true);
  }

  /** Sends a request that reads an object, and waits for its answer. */
  <T> T read(String verb, ObjectKey key, Supplier<CompletableFuture<T>> request)
      throws StoreException {
    try {
      reads.acquire();
    } catch (InterruptedException e) {
      throw interrupted(verb, key, e);
    }
    try {
      return await(verb, key, request);
    } finally {
      reads.release();
    }
  }

  /** Sends a request and waits for its answer. */
  <T> T await(String verb, @Nullable ObjectKey key, Supplier<CompletableFuture<T>> request)
      throws StoreException {
    try {
      window.enter();
      try {
        return counted(verb, key, request);
      } finally {
        window.leave();
      }
    } catch (InterruptedException e) {
      throw interrupted(verb, key, e);
    }
  }

  /** How many requests may be under way now. */
  int windowSize() {
    return window.size();
  }

  private <T> T counted(
      String verb, @Nullable ObjectKey key, Supplier<CompletableFuture<T>> request)
      throws StoreException, InterruptedException {
    long sentNanos = clock.nanoTime();
    try {
      T answer = send(verb, key, request);
      window.served();
      return answer;
    } catch (StoreException.Throttled e) {
      window.throttled(sentNanos, e.retryAfter());
      throw e;
    } catch (StoreException.Exists | StoreException.Missing e) {
      window.served();
      throw e;
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

  private StoreException interrupted(
      String verb, @Nullable ObjectKey key, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return errors.explain(verb, key, cause);
  }

  private static Throwable cause(ExecutionException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
