package io.strata.store.s3;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Collects a response's body in one array of the announced length: each byte is copied once.
 *
 * <p>Confined to the event loop of its request, which calls one method at a time; the result is
 * handed over by the future. For one request.
 */
final class Download
    implements AsyncResponseTransformer<GetObjectResponse, Download.Received>,
        Subscriber<ByteBuffer> {
  private final CompletableFuture<Received> received = new CompletableFuture<>();
  private final Progress progress;
  private @Nullable GetObjectResponse response;
  private ByteBuffer body = ByteBuffer.allocate(0);

  Download(Progress progress) {
    this.progress = progress;
  }

  /** A response and its whole body. */
  record Received(GetObjectResponse response, ByteBuffer body) {}

  @Override
  public CompletableFuture<Received> prepare() {
    return received;
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    progress.came();
    this.response = response;
    Long length = response.contentLength();
    if (length == null || length > Integer.MAX_VALUE - 8) {
      received.completeExceptionally(
          new IllegalStateException("a body of unknown or excessive length: " + length));
      return;
    }
    body = ByteBuffer.allocate(length.intValue());
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    publisher.subscribe(this);
  }

  @Override
  public void exceptionOccurred(Throwable error) {
    received.completeExceptionally(error);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    if (received.isDone()) {
      subscription.cancel();
    } else {
      // The array is there for all of it.
      subscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(ByteBuffer piece) {
    progress.came();
    if (piece.remaining() > body.remaining()) {
      received.completeExceptionally(
          new IllegalStateException("more bytes than the %d announced".formatted(body.limit())));
    } else {
      body.put(piece);
    }
  }

  @Override
  public void onError(Throwable error) {
    received.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    if (response == null || body.hasRemaining()) {
      received.completeExceptionally(
          new IllegalStateException(
              "the body ended after %d of %d bytes".formatted(body.position(), body.limit())));
    } else {
      received.complete(new Received(response, body.flip()));
    }
  }
}
