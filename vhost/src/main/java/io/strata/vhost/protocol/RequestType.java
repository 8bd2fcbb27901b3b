package io.strata.vhost.protocol;

import org.jspecify.annotations.Nullable;

/** What a front end asks for: names and numbers of the specification. */
public enum RequestType {
  GET_FEATURES(1),
  SET_FEATURES(2),
  SET_OWNER(3),
  RESET_OWNER(4),
  SET_MEM_TABLE(5),
  SET_LOG_BASE(6),
  SET_LOG_FD(7),
  SET_VRING_NUM(8),
  SET_VRING_ADDR(9),
  SET_VRING_BASE(10),
  GET_VRING_BASE(11),
  SET_VRING_KICK(12),
  SET_VRING_CALL(13),
  SET_VRING_ERR(14),
  GET_PROTOCOL_FEATURES(15),
  SET_PROTOCOL_FEATURES(16),
  GET_QUEUE_NUM(17),
  SET_VRING_ENABLE(18),
  SET_BACKEND_REQ_FD(21),
  GET_CONFIG(24),
  SET_CONFIG(25),
  GET_INFLIGHT_FD(31),
  SET_INFLIGHT_FD(32),
  RESET_DEVICE(34),
  GET_MAX_MEM_SLOTS(36),
  ADD_MEM_REG(37),
  REM_MEM_REG(38),
  SET_STATUS(39),
  GET_STATUS(40),
  SET_DEVICE_STATE_FD(42),
  CHECK_DEVICE_STATE(43);

  private static final @Nullable RequestType[] BY_NUMBER = byNumber();

  private final int number;

  RequestType(int number) {
    this.number = number;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }

  /** The one with this number; null if there is none that a back end of ours could get. */
  public static @Nullable RequestType of(int number) {
    return number < 0 || number >= BY_NUMBER.length ? null : BY_NUMBER[number];
  }

  private static @Nullable RequestType[] byNumber() {
    @Nullable RequestType[] all = new @Nullable RequestType[64];
    for (RequestType type : values()) {
      all[type.number] = type;
    }
    return all;
  }
}
