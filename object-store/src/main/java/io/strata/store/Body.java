package io.strata.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an object to be put, in one or more pieces, so that nobody has to join them.
 *
 * <p>Immutable: whoever made it does not change the bytes afterwards, and {@link #parts} hands out
 * fresh read-only views, so that a put can be sent again.
 */
public final class Body {
  private final List<ByteBuffer> parts;
  private final long length;

  private Body(List<ByteBuffer> parts) {
    this.parts = parts;
    long sum = 0;
    for (ByteBuffer part : parts) {
      sum += part.remaining();
    }
    this.length = sum;
  }

  /** A body of the remaining bytes of these buffers, in order. */
  public static Body of(List<ByteBuffer> parts) {
    List<ByteBuffer> views = new ArrayList<>(parts.size());
    for (ByteBuffer part : parts) {
      views.add(part.asReadOnlyBuffer());
    }
    return new Body(List.copyOf(views));
  }

  /** A body of these bytes. */
  public static Body of(byte[] bytes) {
    return of(List.of(ByteBuffer.wrap(bytes)));
  }

  /** Fresh read-only views of the pieces, each from its first byte to its last. */
  public List<ByteBuffer> parts() {
    List<ByteBuffer> views = new ArrayList<>(parts.size());
    for (ByteBuffer part : parts) {
      views.add(part.duplicate());
    }
    return views;
  }

  /** All bytes joined in one new array; for bodies known to be small. */
  public byte[] toBytes() {
    byte[] bytes = new byte[Math.toIntExact(length)];
    int at = 0;
    for (ByteBuffer part : parts()) {
      int n = part.remaining();
      part.get(bytes, at, n);
      at += n;
    }
    return bytes;
  }

  /** Length in bytes. */
  public long length() {
    return length;
  }
}
