package io.strata.store.s3;

import io.strata.platform.Clock;
import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes the SDK's futures calls that block, can be interrupted, and fail in the port's terms.
 *
 * <p>Safe for use by any thread. Requests beyond the window wait here, in order; and reads leave
 * some connections alone, so that a commit does not wait behind a thousand of them. A request of
 * which nothing moves for too long ({@link Progress}) is given up: what came of it is not known.
 */
final class S3Calls {
  private final S3Errors errors;
  private final Clock clock;
  private final RequestWindow window;
  private final Semaphore reads;
  private final Duration silenceMax;

  S3Calls(S3Errors errors, S3Settings settings, Clock clock) {
    this(
        errors,
        clock,
        new RequestWindow(settings.connectionsMax(), clock),
        new Semaphore(
            Math.max(1, settings.connectionsMax() - (settings.connectionsMax() + 7) / 8), true),
        settings.silenceMax());
  }

  private S3Calls(
      S3Errors errors,
      Clock clock,
      RequestWindow window,
      Semaphore reads,
      Duration silenceMax) {
    this.errors = errors;
    this.clock = clock;
    this.window = window;
    this.reads = reads;
    this.silenceMax = silenceMax;
  }

  /** Calls in the same window that tell of failures in another way. */
  S3Calls told(S3Errors others) {
    return new S3Calls(others, clock, window, reads, silenceMax);
  }

  /** Begins a request that tells of its progress. */
  @FunctionalInterface
  interface Sending<T> {
    CompletableFuture<T> begin(Progress progress);
  }

  /** Sends a request that reads an object, and waits for its answer. */
  <T> T read(String verb, ObjectKey key, Sending<T> request)
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
  <T> T await(String verb, @Nullable ObjectKey key, Sending<T> request) throws StoreException {
    return await(verb, key, Duration.ZERO, request);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param work how long the server may need for it besides, while it says nothing
   */
  <T> T await(String verb, @Nullable ObjectKey key, Duration work, Sending<T> request)
      throws StoreException {
    try {
      window.enter();
      try {
        return counted(verb, key, silenceMax.plus(work), request);
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
      String verb, @Nullable ObjectKey key, Duration silence, Sending<T> request)
      throws StoreException, InterruptedException {
    long sentNanos = clock.nanoTime();
    try {
      T answer = send(verb, key, silence, request);
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

  private <T> T send(
      String verb, @Nullable ObjectKey key, Duration silence, Sending<T> request)
      throws StoreException, InterruptedException {
    Progress progress = new Progress(clock, silence);
    CompletableFuture<T> answer;
    try {
      answer = request.begin(progress);
    } catch (SdkException e) {
      throw errors.explain(verb, key, e);
    }
    try {
      return whileItMoves(answer, progress);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw errors.explain(verb, key, cause(e));
    } catch (TimeoutException e) {
      throw errors.explain(verb, key, e);
    }
  }

  private static <T> T whileItMoves(CompletableFuture<T> answer, Progress progress)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      try {
        return answer.get(Math.max(0, progress.leftNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (progress.leftNanos() <= 0 && answer.cancel(true)) {
          throw new TimeoutException(
              "nothing came or went for %d s".formatted(progress.limit().toSeconds()));
        }
      }
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
