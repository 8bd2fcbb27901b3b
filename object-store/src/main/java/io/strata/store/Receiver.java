package io.strata.store;

import java.nio.ByteBuffer;

/**
 * Takes the bytes of an object as they come, so that the first can be used while others are on their
 * way and no buffer has to hold all of them.
 *
 * <p>A request that is sent again begins anew. Bytes of an attempt that was given up may still come
 * then, on another thread: so each has an {@link Arrival} of its own.
 */
public interface Receiver {
  /**
   * An answer has begun. Must neither wait nor throw.
   *
   * @param length how many bytes it has, at least 0
   */
  Arrival begin(int length);

  /** One answer, on one thread at a time. */
  @FunctionalInterface
  interface Arrival {
    /**
     * Takes the bytes that come next, all of them; the buffer is somebody else's again afterwards. Must
     * neither wait nor throw.
     */
    void take(ByteBuffer bytes);
  }
}
