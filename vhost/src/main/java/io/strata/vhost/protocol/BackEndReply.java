package io.strata.vhost.protocol;

import io.strata.fuse.linux.Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What a back end answers. Its type on the wire is that of the request. */
public sealed interface BackEndReply {
  /** A number; as an acknowledgement 0 for success. */
  record Value(long value) implements BackEndReply {}

  /** Where a ring has stopped. */
  record VringBase(int index, int base) implements BackEndReply {}

  /** A part of the configuration space, read only; no bytes if there is no such part. */
  record Config(ConfigRange range, ByteBuffer bytes) implements BackEndReply {}

  /** New shared memory. */
  record Inflight(InflightDescription inflight, Descriptor descriptor) implements BackEndReply {
    @Override
    public List<Descriptor> descriptors() {
      return List.of(descriptor);
    }
  }

  /** The descriptors that travel with it; its reader will own copies. */
  default List<Descriptor> descriptors() {
    return List.of();
  }

  /** Its bytes, header included. */
  default ByteBuffer encode(RequestType type) {
    ByteBuffer out =
        ByteBuffer.allocate(MessageHeader.BYTES + payloadBytes()).order(ByteOrder.nativeOrder());
    MessageHeader.reply(type.number(), payloadBytes()).encode(out);
    switch (this) {
      case Value value -> out.putLong(value.value());
      case VringBase base -> out.putInt(base.index()).putInt(base.base());
      case Config config -> {
        FrontEndCodec.range(config.range(), out);
        out.put(config.bytes().duplicate());
      }
      case Inflight inflight -> FrontEndCodec.inflight(inflight.inflight(), out);
    }
    return out.flip();
  }

  private int payloadBytes() {
    return switch (this) {
      case Value _, VringBase _ -> 8;
      case Config config -> 12 + config.bytes().remaining();
      case Inflight _ -> 24;
    };
  }

  /**
   * Decodes the reply to a request, for a front end. What it answers owns the descriptors; if it
   * throws, the caller still does.
   */
  static BackEndReply decode(
      RequestType asked, MessageHeader header, ByteBuffer payload, List<Descriptor> descriptors)
      throws MalformedMessage {
    if (header.type() != asked.number() || !header.isReply()) {
      throw new MalformedMessage(header.name(), "request", "is no reply to " + asked);
    }
    Payload in =
        new Payload("reply to " + asked, payload.order(ByteOrder.nativeOrder()), descriptors);
    // Only these have an answer of their own kind, all others a number.
    BackEndReply reply;
    if (asked == RequestType.GET_VRING_BASE) {
      reply = new VringBase(in.u32("index"), in.u32("num"));
    } else if (asked == RequestType.GET_CONFIG) {
      reply = config(in);
    } else if (asked == RequestType.GET_INFLIGHT_FD) {
      reply = new Inflight(FrontEndCodec.inflight(in), in.descriptor());
    } else {
      reply = new Value(in.u64("value"));
    }
    in.end();
    return reply;
  }

  private static Config config(Payload in) throws MalformedMessage {
    ConfigRange range = new ConfigRange(in.u32("offset"), in.u32("size"), in.u32("flags"));
    return new Config(range, in.bytes(in.remaining(), "payload"));
  }
}
