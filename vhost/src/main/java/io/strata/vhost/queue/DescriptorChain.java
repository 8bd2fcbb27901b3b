package io.strata.vhost.queue;

/**
 * One request of a driver: buffers to read, then buffers to write. Held by a device from the moment
 * it is given to it until {@link #complete}.
 */
public interface DescriptorChain {
  /** The descriptor that it begins with: what names it as long as it is in flight. */
  int head();

  /** What the driver has written for the device. */
  GuestBuffers readable();

  /** Room for what the device answers. */
  GuestBuffers writable();

  /**
   * Gives the chain back to the driver, and tells it if it wants to know. Exactly once; any thread.
   *
   * @param writtenBytes how many bytes of {@link #writable} are written, from its beginning
   */
  void complete(long writtenBytes);
}
