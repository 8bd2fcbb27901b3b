package io.strata.vhost.queue;

/**
 * A request that a driver made available: buffers to read, then buffers to write (virtio 1.2, 2.6.5
 * and 2.7.2). Whoever takes one completes it exactly once, on any thread, and touches its buffers
 * no more.
 */
public interface DescriptorChain {
  /** What names it in its queue until it is completed. */
  int head();

  /** What the device may read. */
  GuestBuffers readable();

  /** What the device may write. */
  GuestBuffers writable();

  /**
   * Gives it back to the driver and notifies that if it wants to know. Does nothing if the queue
   * has stopped or broken meanwhile.
   *
   * @param writtenBytes how many bytes, from the first writable one on, were written
   */
  void complete(long writtenBytes);
}
