package io.strata.tests.vmm;

/**
 * What a guest and its front-end are like.
 *
 * @param features of the device that the driver wants, beside those without which nothing goes
 * @param protocolFeatures that the front-end wants
 * @param requestQueues beside the one for what is urgent
 * @param queueSize descriptors of a queue
 * @param depth requests in flight on each queue
 * @param payloadBytesMax of a READ or WRITE
 * @param cuts how requests are cut into buffers
 * @param reaping whether a thread of its own takes what comes back; else whoever waits does
 */
public record GuestOptions(
    long features,
    long protocolFeatures,
    int requestQueues,
    int queueSize,
    int depth,
    int payloadBytesMax,
    Cuts cuts,
    boolean reaping) {
  /** All that our front-end knows of the protocol. */
  private static final long ALL_PROTOCOL_FEATURES =
      Features.MQ
          | Features.LOG_SHMFD
          | Features.REPLY_ACK
          | Features.CONFIG
          | Features.INFLIGHT_SHMFD
          | Features.RESET_DEVICE
          | Features.CONFIGURE_MEM_SLOTS
          | Features.STATUS
          | Features.DEVICE_STATE;

  /** A Linux guest under a new QEMU. */
  public static GuestOptions standard() {
    return new GuestOptions(
        Features.INDIRECT | Features.EVENT_INDEX,
        ALL_PROTOCOL_FEATURES,
        1,
        1024,
        64,
        1 << 17,
        Cuts.pages(),
        true);
  }

  /** The same with other features of the device. */
  public GuestOptions withFeatures(long features) {
    return new GuestOptions(
        features,
        protocolFeatures,
        requestQueues,
        queueSize,
        depth,
        payloadBytesMax,
        cuts,
        reaping);
  }

  /** The same with other features of the protocol. */
  public GuestOptions withProtocolFeatures(long protocolFeatures) {
    return new GuestOptions(
        features,
        protocolFeatures,
        requestQueues,
        queueSize,
        depth,
        payloadBytesMax,
        cuts,
        reaping);
  }

  /** The same with other queues. */
  public GuestOptions withQueues(int requestQueues, int queueSize, int depth) {
    return new GuestOptions(
        features,
        protocolFeatures,
        requestQueues,
        queueSize,
        depth,
        payloadBytesMax,
        cuts,
        reaping);
  }

  /** The same with requests cut otherwise. */
  public GuestOptions withCuts(Cuts cuts) {
    return new GuestOptions(
        features,
        protocolFeatures,
        requestQueues,
        queueSize,
        depth,
        payloadBytesMax,
        cuts,
        reaping);
  }

  /** The same without a thread of its own. */
  public GuestOptions withoutReaping() {
    return new GuestOptions(
        features, protocolFeatures, requestQueues, queueSize, depth, payloadBytesMax, cuts, false);
  }
}
