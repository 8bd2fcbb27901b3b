package io.strata.vhost.protocol;

import io.strata.fuse.linux.Descriptor;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of a front end. A record that has descriptors owns them; {@link #descriptors} lists
 * them in the order in which they travel.
 */
public sealed interface FrontEndMessage {
  record GetFeatures() implements FrontEndMessage {}

  record SetFeatures(long features) implements FrontEndMessage {}

  record SetOwner() implements FrontEndMessage {}

  record ResetOwner() implements FrontEndMessage {}

  /** All of guest memory. As many descriptors as regions. */
  record SetMemTable(List<RegionDescription> regions, List<Descriptor> descriptors)
      implements FrontEndMessage {
    /** As QEMU defines it. */
    public static final int REGIONS_MAX = 8;
  }

  /** Where writes to guest memory are to be logged, one bit for 4096 bytes. */
  record SetLogBase(long mmapBytes, long mmapOffset, Descriptor descriptor)
      implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  /** An eventfd by which to tell that something was logged. */
  record SetLogFd(Descriptor descriptor) implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  record SetVringNum(int index, int entries) implements FrontEndMessage {}

  /** Where a ring is, in the front end's addresses; {@code log} is a guest address. */
  record SetVringAddr(
      int index, int flags, long descriptorTable, long used, long available, long log)
      implements FrontEndMessage {
    /** In {@code flags}: writes to the used ring are to be logged. */
    public static final int LOG_USED = 1;
  }

  /** Where to begin: an index, of packed rings with wrap counters. */
  record SetVringBase(int index, int base) implements FrontEndMessage {}

  /** Stops a ring. */
  record GetVringBase(int index) implements FrontEndMessage {}

  /** What wakes the back end; without a descriptor it is to look by itself. */
  record SetVringKick(int index, @Nullable Descriptor descriptor) implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return optional(descriptor);
    }
  }

  /** What wakes the driver; without a descriptor it looks by itself. */
  record SetVringCall(int index, @Nullable Descriptor descriptor) implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return optional(descriptor);
    }
  }

  /** What tells the front end that a ring is broken. */
  record SetVringErr(int index, @Nullable Descriptor descriptor) implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return optional(descriptor);
    }
  }

  record GetProtocolFeatures() implements FrontEndMessage {}

  record SetProtocolFeatures(long features) implements FrontEndMessage {}

  record GetQueueNum() implements FrontEndMessage {}

  record SetVringEnable(int index, boolean enabled) implements FrontEndMessage {}

  /** The socket on which the back end may ask. */
  record SetBackendReqFd(Descriptor descriptor) implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  record GetConfig(ConfigRange range) implements FrontEndMessage {}

  /** Bytes for the whole range; the buffer is read only. */
  record SetConfig(ConfigRange range, ByteBuffer bytes) implements FrontEndMessage {}

  /** Asks for new shared memory; sizes are the back end's to say. */
  record GetInflightFd(InflightDescription wanted) implements FrontEndMessage {}

  record SetInflightFd(InflightDescription inflight, Descriptor descriptor)
      implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  record ResetDevice() implements FrontEndMessage {}

  record GetMaxMemSlots() implements FrontEndMessage {}

  record AddMemReg(RegionDescription region, Descriptor descriptor) implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  /** Some front ends pass a descriptor, which means nothing. */
  record RemMemReg(RegionDescription region, @Nullable Descriptor descriptor)
      implements FrontEndMessage {
    @Override
    public List<Descriptor> descriptors() {
      return optional(descriptor);
    }
  }

  /** The device status of virtio 1.2, section 2.1. */
  record SetStatus(long status) implements FrontEndMessage {}

  record GetStatus() implements FrontEndMessage {}

  /** A channel on which the device's state is to be written ({@code load}: read). */
  record SetDeviceStateFd(boolean load, int phase, Descriptor descriptor)
      implements FrontEndMessage {
    /** The only phase that there is: everything is stopped. */
    public static final int STOPPED = 0;

    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  record CheckDeviceState() implements FrontEndMessage {}

  /** The descriptors that travel with it. */
  default List<Descriptor> descriptors() {
    return List.of();
  }

  /** Which request it is. */
  default RequestType type() {
    return switch (this) {
      case GetFeatures _ -> RequestType.GET_FEATURES;
      case SetFeatures _ -> RequestType.SET_FEATURES;
      case SetOwner _ -> RequestType.SET_OWNER;
      case ResetOwner _ -> RequestType.RESET_OWNER;
      case SetMemTable _ -> RequestType.SET_MEM_TABLE;
      case SetLogBase _ -> RequestType.SET_LOG_BASE;
      case SetLogFd _ -> RequestType.SET_LOG_FD;
      case SetVringNum _ -> RequestType.SET_VRING_NUM;
      case SetVringAddr _ -> RequestType.SET_VRING_ADDR;
      case SetVringBase _ -> RequestType.SET_VRING_BASE;
      case GetVringBase _ -> RequestType.GET_VRING_BASE;
      case SetVringKick _ -> RequestType.SET_VRING_KICK;
      case SetVringCall _ -> RequestType.SET_VRING_CALL;
      case SetVringErr _ -> RequestType.SET_VRING_ERR;
      case GetProtocolFeatures _ -> RequestType.GET_PROTOCOL_FEATURES;
      case SetProtocolFeatures _ -> RequestType.SET_PROTOCOL_FEATURES;
      case GetQueueNum _ -> RequestType.GET_QUEUE_NUM;
      case SetVringEnable _ -> RequestType.SET_VRING_ENABLE;
      case SetBackendReqFd _ -> RequestType.SET_BACKEND_REQ_FD;
      case GetConfig _ -> RequestType.GET_CONFIG;
      case SetConfig _ -> RequestType.SET_CONFIG;
      case GetInflightFd _ -> RequestType.GET_INFLIGHT_FD;
      case SetInflightFd _ -> RequestType.SET_INFLIGHT_FD;
      case ResetDevice _ -> RequestType.RESET_DEVICE;
      case GetMaxMemSlots _ -> RequestType.GET_MAX_MEM_SLOTS;
      case AddMemReg _ -> RequestType.ADD_MEM_REG;
      case RemMemReg _ -> RequestType.REM_MEM_REG;
      case SetStatus _ -> RequestType.SET_STATUS;
      case GetStatus _ -> RequestType.GET_STATUS;
      case SetDeviceStateFd _ -> RequestType.SET_DEVICE_STATE_FD;
      case CheckDeviceState _ -> RequestType.CHECK_DEVICE_STATE;
    };
  }

  private static List<Descriptor> optional(@Nullable Descriptor descriptor) {
    return descriptor == null ? List.of() : List.of(descriptor);
  }
}
