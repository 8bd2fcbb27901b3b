package io.strata.vhost.protocol;

/** Bits of GET_PROTOCOL_FEATURES. Only those that a back end of ours can have use for. */
public final class ProtocolFeature {
  public static final long MQ = 1L << 0;
  public static final long LOG_SHMFD = 1L << 1;
  public static final long REPLY_ACK = 1L << 3;
  public static final long BACKEND_REQ = 1L << 5;
  public static final long CONFIG = 1L << 9;
  public static final long INFLIGHT_SHMFD = 1L << 12;
  public static final long RESET_DEVICE = 1L << 13;
  public static final long CONFIGURE_MEM_SLOTS = 1L << 15;
  public static final long STATUS = 1L << 16;
  public static final long DEVICE_STATE = 1L << 19;

  private ProtocolFeature() {}
}
