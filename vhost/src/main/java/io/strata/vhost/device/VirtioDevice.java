package io.strata.vhost.device;

import io.strata.vhost.queue.DescriptorChain;
import java.io.IOException;

/**
 * One virtio device as a virtual machine sees it (virtio 1.2, chapter 2), for as long as its socket
 * is served: front ends come and go, the device and its state stay.
 *
 * <p>{@link #accept} is called by the thread of each started queue; everything else by one thread
 * at a time, the one that reads the front end's messages.
 */
public interface VirtioDevice extends AutoCloseable {
  /** The feature bits of this kind of device, without those of rings and of the protocol. */
  long deviceFeatures();

  /** How many queues it has, at least 1. */
  int queueCount();

  /** Length of its configuration space. */
  int configBytes();

  /** Reads its configuration space from {@code offset}; the range lies within it. */
  void readConfig(int offset, byte[] into);

  /**
   * Writes its configuration space; the range lies within it.
   *
   * @param migrating whether this is state of another instance rather than the driver's wish
   * @return whether these fields may be written
   */
  boolean writeConfig(int offset, byte[] from, boolean migrating);

  /**
   * Takes a request over. Never throws and never waits: completes the chain now or later, on any
   * thread, exactly once.
   */
  void accept(int queue, DescriptorChain chain);

  /** A front end has connected. */
  default void attached() {}

  /** The front end has gone, with its guest or without. */
  default void detached() {}

  /** The driver of a front end has agreed to these features; requests follow. */
  void started(long negotiatedFeatures);

  /** Back to what it was when it was made: nothing that the driver opened is open any more. */
  void reset();

  /** A ring takes no more chains, and is to be empty soon: what may wait for ever ends now. */
  default void stopping() {
    // Most devices only wait for what comes to an end by itself.
  }

  /**
   * Waits until it holds no chain, for a time that it limits itself.
   *
   * @return whether it holds none
   */
  boolean quiesce() throws InterruptedException;

  /**
   * What another instance needs in order to go on where this one stopped. No queue is started.
   *
   * @throws IOException if it cannot be told
   */
  byte[] saveState() throws IOException;

  /**
   * Goes on where another instance stopped. No queue is started.
   *
   * @throws IOException if these bytes do not tell, or this device cannot
   */
  void loadState(byte[] state) throws IOException;

  /** Ends it; nothing is called afterwards. */
  @Override
  void close();
}
