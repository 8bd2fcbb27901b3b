package io.strata.store.s3;

import io.strata.store.ByteRange;
import io.strata.store.Receiver;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Hands a response's body to a receiver as it comes, and makes sure that all of it has come.
 *
 * <p>Confined to the event loop of its request, which calls one method at a time; the result is
 * handed over by the future. For one request.
 */
final class Download
    implements AsyncResponseTransformer<GetObjectResponse, GetObjectResponse>,
        Subscriber<ByteBuffer> {
  private final CompletableFuture<GetObjectResponse> received = new CompletableFuture<>();
  private final ByteRange range;
  private final Receiver receiver;
  private final Progress progress;
  private @Nullable GetObjectResponse response;
  private Receiver.@Nullable Arrival arrival;
  private long announced;
  private long came;
  // Of the body, what was asked for.
  private long from;
  private long to;

  Download(ByteRange range, Receiver receiver, Progress progress) {
    this.range = range;
    this.receiver = receiver;
    this.progress = progress;
  }

  @Override
  public CompletableFuture<GetObjectResponse> prepare() {
    return received;
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    progress.came();
    Long length = response.contentLength();
    if (length == null) {
      fail("a body of unknown length");
      return;
    }
    announced = length;
    to = length;
    if (response.contentRange() == null) {
      // The whole object: it was asked for, or the server does not know this kind of range.
      from = range.start(length);
      to = range.end(length);
    }
    if (to - from > Integer.MAX_VALUE - 8) {
      fail("a body of excessive length: " + length);
      return;
    }
    arrival = receiver.begin((int) (to - from));
    this.response = response;
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
      // The receiver has room for all of it.
      subscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(ByteBuffer piece) {
    progress.came();
    int length = piece.remaining();
    if (came + length > announced) {
      fail("more bytes than the %d announced".formatted(announced));
      return;
    }
    int first = Math.clamp(from - came, 0, length);
    int end = Math.clamp(to - came, first, length);
    came += length;
    if (arrival != null && first < end && !received.isDone()) {
      arrival.take(piece.slice(piece.position() + first, end - first));
    }
  }

  @Override
  public void onError(Throwable error) {
    received.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    if (response == null || came < announced) {
      fail("the body ended after %d of %d bytes".formatted(came, announced));
    } else {
      received.complete(response);
    }
  }

  private void fail(String why) {
    received.completeExceptionally(new IllegalStateException(why));
  }
}
