package io.strata.vhost.protocol;

import io.strata.fuse.linux.Descriptor;
import io.strata.vhost.protocol.FrontEndMessage.AddMemReg;
import io.strata.vhost.protocol.FrontEndMessage.CheckDeviceState;
import io.strata.vhost.protocol.FrontEndMessage.GetConfig;
import io.strata.vhost.protocol.FrontEndMessage.GetFeatures;
import io.strata.vhost.protocol.FrontEndMessage.GetInflightFd;
import io.strata.vhost.protocol.FrontEndMessage.GetMaxMemSlots;
import io.strata.vhost.protocol.FrontEndMessage.GetProtocolFeatures;
import io.strata.vhost.protocol.FrontEndMessage.GetQueueNum;
import io.strata.vhost.protocol.FrontEndMessage.GetStatus;
import io.strata.vhost.protocol.FrontEndMessage.GetVringBase;
import io.strata.vhost.protocol.FrontEndMessage.RemMemReg;
import io.strata.vhost.protocol.FrontEndMessage.ResetDevice;
import io.strata.vhost.protocol.FrontEndMessage.ResetOwner;
import io.strata.vhost.protocol.FrontEndMessage.SetBackendReqFd;
import io.strata.vhost.protocol.FrontEndMessage.SetConfig;
import io.strata.vhost.protocol.FrontEndMessage.SetDeviceStateFd;
import io.strata.vhost.protocol.FrontEndMessage.SetFeatures;
import io.strata.vhost.protocol.FrontEndMessage.SetInflightFd;
import io.strata.vhost.protocol.FrontEndMessage.SetLogBase;
import io.strata.vhost.protocol.FrontEndMessage.SetLogFd;
import io.strata.vhost.protocol.FrontEndMessage.SetMemTable;
import io.strata.vhost.protocol.FrontEndMessage.SetOwner;
import io.strata.vhost.protocol.FrontEndMessage.SetProtocolFeatures;
import io.strata.vhost.protocol.FrontEndMessage.SetStatus;
import io.strata.vhost.protocol.FrontEndMessage.SetVringAddr;
import io.strata.vhost.protocol.FrontEndMessage.SetVringBase;
import io.strata.vhost.protocol.FrontEndMessage.SetVringCall;
import io.strata.vhost.protocol.FrontEndMessage.SetVringEnable;
import io.strata.vhost.protocol.FrontEndMessage.SetVringErr;
import io.strata.vhost.protocol.FrontEndMessage.SetVringKick;
import io.strata.vhost.protocol.FrontEndMessage.SetVringNum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Front-end messages as bytes and back. */
public final class FrontEndCodec {
  /** In a vring's index: there is no descriptor. */
  private static final long NO_DESCRIPTOR = 1 << 8;

  private static final long INDEX_MASK = 0xff;

  private FrontEndCodec() {}

  /**
   * Decodes one message. What it answers owns the descriptors; if it throws, the caller still does.
   *
   * @param payload exactly {@link MessageHeader#payloadBytes}
   */
  public static FrontEndMessage decode(
      MessageHeader header, ByteBuffer payload, List<Descriptor> descriptors)
      throws MalformedMessage {
    RequestType type = RequestType.of(header.type());
    if (type == null) {
      throw new MalformedMessage(header.name(), "request", "is unknown");
    }
    if (header.isReply()) {
      throw new MalformedMessage(header.name(), "flags", "say that it is a reply");
    }
    Payload in = new Payload(type.name(), payload.order(ByteOrder.nativeOrder()), descriptors);
    FrontEndMessage message = decode(type, in);
    in.end();
    return message;
  }

  private static FrontEndMessage decode(RequestType type, Payload in) throws MalformedMessage {
    return switch (type) {
      case GET_FEATURES -> new GetFeatures();
      case SET_FEATURES -> new SetFeatures(in.u64("features"));
      case SET_OWNER -> new SetOwner();
      case RESET_OWNER -> new ResetOwner();
      case SET_MEM_TABLE -> memTable(in);
      case SET_LOG_BASE ->
          new SetLogBase(in.u64("log size"), in.u64("log offset"), in.descriptor());
      case SET_LOG_FD -> new SetLogFd(in.descriptor());
      case SET_VRING_NUM -> new SetVringNum(in.u32("index"), in.u32("num"));
      case SET_VRING_ADDR -> vringAddr(in);
      case SET_VRING_BASE -> new SetVringBase(in.u32("index"), in.u32("num"));
      case GET_VRING_BASE -> {
        int index = in.u32("index");
        in.u32("num");
        yield new GetVringBase(index);
      }
      case SET_VRING_KICK -> {
        long index = in.u64("index");
        yield new SetVringKick((int) (index & INDEX_MASK), vringDescriptor(index, in));
      }
      case SET_VRING_CALL -> {
        long index = in.u64("index");
        yield new SetVringCall((int) (index & INDEX_MASK), vringDescriptor(index, in));
      }
      case SET_VRING_ERR -> {
        long index = in.u64("index");
        yield new SetVringErr((int) (index & INDEX_MASK), vringDescriptor(index, in));
      }
      case GET_PROTOCOL_FEATURES -> new GetProtocolFeatures();
      case SET_PROTOCOL_FEATURES -> new SetProtocolFeatures(in.u64("features"));
      case GET_QUEUE_NUM -> new GetQueueNum();
      case SET_VRING_ENABLE -> new SetVringEnable(in.u32("index"), flag("num", in));
      case SET_BACKEND_REQ_FD -> new SetBackendReqFd(in.descriptor());
      case GET_CONFIG -> {
        ConfigRange range = range(in);
        in.bytes(range.byteSize(), "payload");
        yield new GetConfig(range);
      }
      case SET_CONFIG -> {
        ConfigRange range = range(in);
        yield new SetConfig(range, in.bytes(range.byteSize(), "payload"));
      }
      case GET_INFLIGHT_FD -> new GetInflightFd(inflight(in));
      case SET_INFLIGHT_FD -> new SetInflightFd(inflight(in), in.descriptor());
      case RESET_DEVICE -> new ResetDevice();
      case GET_MAX_MEM_SLOTS -> new GetMaxMemSlots();
      case ADD_MEM_REG -> {
        in.u64("padding");
        yield new AddMemReg(region(in), in.descriptor());
      }
      case REM_MEM_REG -> {
        in.u64("padding");
        yield new RemMemReg(region(in), in.optionalDescriptor());
      }
      case SET_STATUS -> new SetStatus(in.u64("status"));
      case GET_STATUS -> new GetStatus();
      case SET_DEVICE_STATE_FD ->
          new SetDeviceStateFd(flag("transfer direction", in), in.u32("phase"), in.descriptor());
      case CHECK_DEVICE_STATE -> new CheckDeviceState();
    };
  }

  private static SetMemTable memTable(Payload in) throws MalformedMessage {
    int count = in.u32("num regions");
    in.u32("padding");
    if (count < 0 || count > SetMemTable.REGIONS_MAX) {
      throw in.malformed(
          "num regions",
          "is " + Integer.toUnsignedString(count) + ", over " + SetMemTable.REGIONS_MAX);
    }
    List<RegionDescription> regions = new ArrayList<>();
    List<Descriptor> descriptors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      regions.add(region(in));
    }
    for (int i = 0; i < count; i++) {
      descriptors.add(in.descriptor());
    }
    return new SetMemTable(List.copyOf(regions), List.copyOf(descriptors));
  }

  private static RegionDescription region(Payload in) throws MalformedMessage {
    return new RegionDescription(
        in.u64("guest address"), in.u64("size"), in.u64("user address"), in.u64("mmap offset"));
  }

  private static SetVringAddr vringAddr(Payload in) throws MalformedMessage {
    return new SetVringAddr(
        in.u32("index"),
        in.u32("flags"),
        in.u64("descriptor"),
        in.u64("used"),
        in.u64("available"),
        in.u64("log"));
  }

  private static @Nullable Descriptor vringDescriptor(long index, Payload in)
      throws MalformedMessage {
    if ((index & ~(INDEX_MASK | NO_DESCRIPTOR)) != 0) {
      throw in.malformed("index", "is 0x" + Long.toHexString(index));
    }
    return (index & NO_DESCRIPTOR) == 0 ? in.descriptor() : null;
  }

  private static boolean flag(String field, Payload in) throws MalformedMessage {
    int value = in.u32(field);
    if (value != 0 && value != 1) {
      throw in.malformed(field, "is " + Integer.toUnsignedString(value) + ", neither 0 nor 1");
    }
    return value == 1;
  }

  private static ConfigRange range(Payload in) throws MalformedMessage {
    return new ConfigRange(in.u32("offset"), in.u32("size"), in.u32("flags"));
  }

  /** C has it end on a multiple of 8 bytes; the specification does not. */
  static InflightDescription inflight(Payload in) throws MalformedMessage {
    InflightDescription inflight =
        new InflightDescription(
            in.u64("mmap size"), in.u64("mmap offset"), in.u16("num queues"), in.u16("queue size"));
    in.skipPadding(Integer.BYTES);
    return inflight;
  }

  /** The bytes of a message, header included; its descriptors go beside the first of them. */
  public static ByteBuffer encode(FrontEndMessage message, boolean needsReply) {
    ByteBuffer payload =
        ByteBuffer.allocate(MessageHeader.PAYLOAD_BYTES_MAX).order(ByteOrder.nativeOrder());
    encode(message, payload);
    payload.flip();
    ByteBuffer all =
        ByteBuffer.allocate(MessageHeader.BYTES + payload.remaining())
            .order(ByteOrder.nativeOrder());
    MessageHeader.request(message.type().number(), needsReply, payload.remaining()).encode(all);
    return all.put(payload).flip();
  }

  private static void encode(FrontEndMessage message, ByteBuffer out) {
    switch (message) {
      case GetFeatures _,
          SetOwner _,
          ResetOwner _,
          SetLogFd _,
          GetProtocolFeatures _,
          GetQueueNum _,
          SetBackendReqFd _,
          ResetDevice _,
          GetMaxMemSlots _,
          GetStatus _,
          CheckDeviceState _ -> {}
      case SetFeatures set -> out.putLong(set.features());
      case SetProtocolFeatures set -> out.putLong(set.features());
      case SetStatus set -> out.putLong(set.status());
      case SetMemTable table -> {
        out.putInt(table.regions().size()).putInt(0);
        table.regions().forEach(region -> region(region, out));
      }
      case SetLogBase log -> out.putLong(log.mmapBytes()).putLong(log.mmapOffset());
      case SetVringNum num -> out.putInt(num.index()).putInt(num.entries());
      case SetVringAddr addr ->
          out.putInt(addr.index())
              .putInt(addr.flags())
              .putLong(addr.descriptorTable())
              .putLong(addr.used())
              .putLong(addr.available())
              .putLong(addr.log());
      case SetVringBase base -> out.putInt(base.index()).putInt(base.base());
      case GetVringBase get -> out.putInt(get.index()).putInt(0);
      case SetVringKick set -> out.putLong(vringIndex(set.index(), set.descriptor()));
      case SetVringCall set -> out.putLong(vringIndex(set.index(), set.descriptor()));
      case SetVringErr set -> out.putLong(vringIndex(set.index(), set.descriptor()));
      case SetVringEnable set -> out.putInt(set.index()).putInt(set.enabled() ? 1 : 0);
      case GetConfig get -> {
        range(get.range(), out);
        out.put(new byte[get.range().byteSize()]);
      }
      case SetConfig set -> {
        range(set.range(), out);
        out.put(set.bytes().duplicate());
      }
      case GetInflightFd get -> inflight(get.wanted(), out);
      case SetInflightFd set -> inflight(set.inflight(), out);
      case AddMemReg add -> region(add.region(), out.putLong(0));
      case RemMemReg remove -> region(remove.region(), out.putLong(0));
      case SetDeviceStateFd set -> out.putInt(set.load() ? 1 : 0).putInt(set.phase());
    }
  }

  private static long vringIndex(int index, @Nullable Descriptor descriptor) {
    return (index & INDEX_MASK) | (descriptor == null ? NO_DESCRIPTOR : 0);
  }

  private static void region(RegionDescription region, ByteBuffer out) {
    out.putLong(region.guestAddress())
        .putLong(region.byteSize())
        .putLong(region.userAddress())
        .putLong(region.mmapOffset());
  }

  static void range(ConfigRange range, ByteBuffer out) {
    out.putInt(range.offset()).putInt(range.byteSize()).putInt(range.flags());
  }

  static void inflight(InflightDescription inflight, ByteBuffer out) {
    out.putLong(inflight.mmapBytes())
        .putLong(inflight.mmapOffset())
        .putShort((short) inflight.queues())
        .putShort((short) inflight.queueSize())
        .putInt(0);
  }
}
