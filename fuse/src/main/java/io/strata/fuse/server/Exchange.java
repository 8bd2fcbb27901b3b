package io.strata.fuse.server;

import java.lang.foreign.MemorySegment;

/**
 * One request and the room for its reply, lent by a transport.
 *
 * <p>Whoever holds it calls {@link #send} or {@link #discard} exactly once, on any thread, and
 * touches neither it nor its memory afterwards. Not safe for two threads at once.
 */
public interface Exchange {
  /** The request: exactly the message, header included. */
  MemorySegment request();

  /**
   * Room for the reply, header included. May overlap with what follows the first 4096 bytes of the
   * request, but not with what a request without a payload needs.
   */
  MemorySegment reply();

  /**
   * Trades this exchange for one that has only room for a reply of {@code bytes}, and no request
   * any more, so that a request which may wait for long does not hold on to a large buffer
   * meanwhile. This one is given back by that, unless the transport has nothing to gain and returns
   * it.
   */
  default Exchange withReplyOnly(int bytes) {
    return this;
  }

  /**
   * As {@link #withReplyOnly}, for a reply of data: the room for it may have to be {@link #awaitRoom
   * waited for}.
   */
  default Exchange withDataReplyOnly(int bytes) {
    return this;
  }

  /**
   * As {@link #withReplyOnly}, for a request of which the data are still needed: they move with it,
   * and views of this exchange's request are not to be used any more if another is returned.
   */
  default Exchange withRequestKept(int replyBytes) {
    return this;
  }

  /** Waits until {@link #reply} has the room that was asked for; to be called once, before it. */
  default void awaitRoom() throws InterruptedException {}

  /**
   * Sends the first {@code bytes} of {@link #reply} and gives the exchange back.
   *
   * @return whether the peer took it; if not it has given up this request
   */
  boolean send(int bytes);

  /** Gives the exchange back without a reply. */
  void discard();
}
