package io.strata.store.s3;

import io.strata.store.Body;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/**
 * A body on its way to the server, in pieces, so that progress is seen and little is copied at a
 * time. For one request.
 */
final class Upload implements AsyncRequestBody {
  private static final int PIECE_BYTES_MAX = 128 << 10;

  private final AsyncRequestBody pieces;
  private final Progress progress;

  Upload(Body body, Progress progress) {
    this.pieces =
        AsyncRequestBody.fromRemainingByteBuffersUnsafe(
            pieces(body).toArray(ByteBuffer[]::new));
    this.progress = progress;
  }

  private static List<ByteBuffer> pieces(Body body) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (ByteBuffer part : body.parts()) {
      for (int at = part.position(); at < part.limit(); at += PIECE_BYTES_MAX) {
        pieces.add(part.slice(at, Math.min(PIECE_BYTES_MAX, part.limit() - at)));
      }
    }
    return pieces;
  }

  @Override
  public Optional<Long> contentLength() {
    return pieces.contentLength();
  }

  @Override
  public String contentType() {
    return pieces.contentType();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> sender) {
    pieces.subscribe(new Counted(sender, progress));
  }

  /** Passes everything on, and tells of each piece. */
  private record Counted(Subscriber<? super ByteBuffer> sender, Progress progress)
      implements Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Subscription subscription) {
      sender.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      progress.handed(piece.remaining());
      sender.onNext(piece);
    }

    @Override
    public void onError(Throwable error) {
      sender.onError(error);
    }

    @Override
    public void onComplete() {
      sender.onComplete();
    }
  }
}
