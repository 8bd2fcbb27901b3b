package io.strata.tests.vmm;

/** Bits that front-end and back end agree on (virtio 1.2, 6; vhost-user, "Protocol features"). */
public final class Features {
  /** Of the device. */
  public static final long LOG_ALL = 1L << 26;

  public static final long INDIRECT = 1L << 28;
  public static final long EVENT_INDEX = 1L << 29;
  public static final long PROTOCOL_FEATURES = 1L << 30;
  public static final long VERSION_1 = 1L << 32;
  public static final long PACKED = 1L << 34;

  /** Of the protocol. */
  public static final long MQ = 1;

  public static final long LOG_SHMFD = 1L << 1;
  public static final long REPLY_ACK = 1L << 3;
  public static final long BACKEND_REQ = 1L << 5;
  public static final long CONFIG = 1L << 9;
  public static final long INFLIGHT_SHMFD = 1L << 12;
  public static final long RESET_DEVICE = 1L << 13;
  public static final long CONFIGURE_MEM_SLOTS = 1L << 15;
  public static final long STATUS = 1L << 16;
  public static final long DEVICE_STATE = 1L << 19;

  private Features() {}
}
