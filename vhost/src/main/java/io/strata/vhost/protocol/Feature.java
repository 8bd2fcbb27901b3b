package io.strata.vhost.protocol;

/** Bits of GET_FEATURES that belong to rings and to the protocol, not to one kind of device. */
public final class Feature {
  /** Writes to guest memory are to be logged (vhost's own; offered, not negotiated by drivers). */
  public static final long LOG_ALL = 1L << 26;

  /** A descriptor may point to a table of descriptors. */
  public static final long RING_INDIRECT_DESC = 1L << 28;

  /** Both sides say at which index they want to be told. */
  public static final long RING_EVENT_IDX = 1L << 29;

  /** The back end knows protocol features; reserved in virtio, so no driver sees it. */
  public static final long PROTOCOL_FEATURES = 1L << 30;

  /** A device that follows virtio 1.0 or later. */
  public static final long VERSION_1 = 1L << 32;

  /** Packed rings (virtio 1.1). */
  public static final long RING_PACKED = 1L << 34;

  private Feature() {}
}
