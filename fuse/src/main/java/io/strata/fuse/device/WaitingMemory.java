package io.strata.fuse.device;

import java.util.concurrent.Semaphore;

/**
 * How much memory requests may have that wait, besides the buffers of the pool: when these become
 * scarce, waiting requests give theirs up, so that others can be read and answered meanwhile. Safe
 * for any thread.
 *
 * <p>Replies and requests are counted apart: who waits for room for a reply has none yet and can be
 * made to wait; the bytes of a request are here already. In units of a page.
 */
final class WaitingMemory {
  private static final int PAGE_BYTES = 4096;

  private final Semaphore replies;
  private final Semaphore requests;

  /**
   * Of at most so many bytes for either.
   *
   * @param payloadBytesMax of one reply; there is room for two in any case
   */
  WaitingMemory(long replyBytesMax, long requestBytesMax, int payloadBytesMax) {
    this.replies = new Semaphore(pages(Math.max(replyBytesMax, 2L * payloadBytesMax)), true);
    this.requests = new Semaphore(pages(requestBytesMax), true);
  }

  private static int pages(long bytes) {
    return Math.clamp((bytes + PAGE_BYTES - 1) / PAGE_BYTES, 1, Integer.MAX_VALUE);
  }

  /** Waits, first come first served, for room for a reply. */
  void acquireReply(long bytes) throws InterruptedException {
    replies.acquire(pages(bytes));
  }

  void releaseReply(long bytes) {
    replies.release(pages(bytes));
  }

  /** Whether there is room to keep a request. */
  boolean tryAcquireRequest(long bytes) {
    return requests.tryAcquire(pages(bytes));
  }

  void releaseRequest(long bytes) {
    requests.release(pages(bytes));
  }
}
