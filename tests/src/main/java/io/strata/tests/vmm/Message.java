package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A vhost-user message (the vhost-user protocol, "Message Specification").
 *
 * @param request number of the request that it makes or answers
 * @param flags version, and whether it is a reply or wants one
 * @param payload what follows the header, from 0 to its limit
 * @param descriptors what travels beside it; whoever receives them closes them
 */
public record Message(int request, int flags, ByteBuffer payload, List<Descriptor> descriptors) {
  /** Length of the header. */
  public static final int HEADER_BYTES = 12;

  /** Flags: the only version, a reply, the wish for one. */
  public static final int VERSION = 1;

  public static final int REPLY = 1 << 2;
  public static final int NEED_REPLY = 1 << 3;

  /** Requests that front-ends make. */
  public static final int GET_FEATURES = 1;

  public static final int SET_FEATURES = 2;
  public static final int SET_OWNER = 3;
  public static final int SET_MEM_TABLE = 5;
  public static final int SET_LOG_BASE = 6;
  public static final int SET_VRING_NUM = 8;
  public static final int SET_VRING_ADDR = 9;
  public static final int SET_VRING_BASE = 10;
  public static final int GET_VRING_BASE = 11;
  public static final int SET_VRING_KICK = 12;
  public static final int SET_VRING_CALL = 13;
  public static final int SET_VRING_ERR = 14;
  public static final int GET_PROTOCOL_FEATURES = 15;
  public static final int SET_PROTOCOL_FEATURES = 16;
  public static final int GET_QUEUE_NUM = 17;
  public static final int SET_VRING_ENABLE = 18;
  public static final int SET_BACKEND_REQ_FD = 21;
  public static final int GET_CONFIG = 24;
  public static final int SET_CONFIG = 25;
  public static final int GET_INFLIGHT_FD = 31;
  public static final int SET_INFLIGHT_FD = 32;
  public static final int RESET_DEVICE = 34;
  public static final int GET_MAX_MEM_SLOTS = 36;
  public static final int ADD_MEM_REG = 37;
  public static final int REM_MEM_REG = 38;
  public static final int SET_STATUS = 39;
  public static final int GET_STATUS = 40;
  public static final int SET_DEVICE_STATE_FD = 42;
  public static final int CHECK_DEVICE_STATE = 43;

  /** A message with nothing beside it. */
  public static Message of(int request, ByteBuffer payload) {
    return new Message(request, VERSION, payload, List.of());
  }

  /** The same with descriptors beside it. */
  public Message with(List<Descriptor> beside) {
    return new Message(request, flags, payload, beside);
  }

  /** The same with other flags. */
  public Message withFlags(int other) {
    return new Message(request, other, payload, descriptors);
  }

  /** No payload. */
  public static ByteBuffer nothing() {
    return buffer(0);
  }

  /** A payload of one number. */
  public static ByteBuffer u64(long value) {
    return buffer(8).putLong(0, value);
  }

  /** A payload that speaks of a ring: its index and a number. */
  public static ByteBuffer ring(int index, int value) {
    return buffer(8).putInt(0, index).putInt(4, value);
  }

  /** Room for a payload. */
  public static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  /** Header and payload, as they go through the socket. */
  public byte[] toBytes() {
    byte[] bytes = new byte[HEADER_BYTES + payload.limit()];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.nativeOrder())
        .putInt(request)
        .putInt(flags)
        .putInt(payload.limit());
    payload.get(0, bytes, HEADER_BYTES, payload.limit());
    return bytes;
  }
}
