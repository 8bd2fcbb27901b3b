package io.strata.vhost.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.fuse.linux.Descriptor;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message as the specification has it, on a machine that is little-endian. */
final class GoldenMessagesTest {
  /** Never opened and never closed: only what travels beside the bytes. */
  private static final Descriptor A = Descriptor.owning(100_000);

  private static final Descriptor B = Descriptor.owning(100_001);

  private static final RegionDescription REGION =
      new RegionDescription(0x1000, 0x2000, 0x7f00_0000_0000L, 0x40);
  private static final String REGION_HEX =
      "0010000000000000 0020000000000000 00000000007f0000 4000000000000000";

  /** A message, and its payload as hexadecimal digits. */
  record Golden(FrontEndMessage message, int number, String payload) {}

  static Stream<Golden> requests() {
    InflightDescription inflight = new InflightDescription(0x8000, 0x10, 3, 1024);
    String inflightHex = "0080000000000000 1000000000000000 0300 0004 00000000";
    ConfigRange range = new ConfigRange(36, 4, ConfigRange.MIGRATING);
    ByteBuffer config = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});
    return Stream.of(
        new Golden(new FrontEndMessage.GetFeatures(), 1, ""),
        new Golden(
            new FrontEndMessage.SetFeatures(Feature.VERSION_1 | Feature.PROTOCOL_FEATURES),
            2,
            "0000004001000000"),
        new Golden(new FrontEndMessage.SetOwner(), 3, ""),
        new Golden(new FrontEndMessage.ResetOwner(), 4, ""),
        new Golden(
            new FrontEndMessage.SetMemTable(List.of(REGION, REGION), List.of(A, B)),
            5,
            "02000000 00000000" + REGION_HEX + REGION_HEX),
        new Golden(
            new FrontEndMessage.SetLogBase(0x200, 0x1000, A),
            6,
            "0002000000000000 0010000000000000"),
        new Golden(new FrontEndMessage.SetLogFd(A), 7, ""),
        new Golden(new FrontEndMessage.SetVringNum(1, 1024), 8, "01000000 00040000"),
        new Golden(
            new FrontEndMessage.SetVringAddr(1, 1, 0x1000, 0x3000, 0x2000, 0x4000),
            9,
            "01000000 01000000 0010000000000000 0030000000000000 0020000000000000"
                + "0040000000000000"),
        new Golden(new FrontEndMessage.SetVringBase(1, 0x8005), 10, "01000000 05800000"),
        new Golden(new FrontEndMessage.GetVringBase(1), 11, "01000000 00000000"),
        new Golden(new FrontEndMessage.SetVringKick(1, A), 12, "0100000000000000"),
        new Golden(new FrontEndMessage.SetVringKick(1, null), 12, "0101000000000000"),
        new Golden(new FrontEndMessage.SetVringCall(2, A), 13, "0200000000000000"),
        new Golden(new FrontEndMessage.SetVringErr(255, null), 14, "ff01000000000000"),
        new Golden(new FrontEndMessage.GetProtocolFeatures(), 15, ""),
        new Golden(
            new FrontEndMessage.SetProtocolFeatures(ProtocolFeature.DEVICE_STATE),
            16,
            "0000080000000000"),
        new Golden(new FrontEndMessage.GetQueueNum(), 17, ""),
        new Golden(new FrontEndMessage.SetVringEnable(1, true), 18, "01000000 01000000"),
        new Golden(new FrontEndMessage.SetBackendReqFd(A), 21, ""),
        new Golden(new FrontEndMessage.GetConfig(range), 24, "24000000 04000000 01000000 00000000"),
        new Golden(
            new FrontEndMessage.SetConfig(range, config),
            25,
            "24000000 04000000 01000000 01020304"),
        new Golden(new FrontEndMessage.GetInflightFd(inflight), 31, inflightHex),
        new Golden(new FrontEndMessage.SetInflightFd(inflight, A), 32, inflightHex),
        new Golden(new FrontEndMessage.ResetDevice(), 34, ""),
        new Golden(new FrontEndMessage.GetMaxMemSlots(), 36, ""),
        new Golden(new FrontEndMessage.AddMemReg(REGION, A), 37, "0000000000000000" + REGION_HEX),
        new Golden(
            new FrontEndMessage.RemMemReg(REGION, null), 38, "0000000000000000" + REGION_HEX),
        new Golden(new FrontEndMessage.SetStatus(0xf), 39, "0f00000000000000"),
        new Golden(new FrontEndMessage.GetStatus(), 40, ""),
        new Golden(new FrontEndMessage.SetDeviceStateFd(true, 0, A), 42, "01000000 00000000"),
        new Golden(new FrontEndMessage.CheckDeviceState(), 43, ""));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void requestsHaveTheseBytes(Golden golden) throws MalformedMessage {
    byte[] payload = hex(golden.payload);
    assertEquals(
        text(header(golden.number, 1 | 8, payload.length)) + text(payload),
        text(bytes(FrontEndCodec.encode(golden.message, true))));
    ByteBuffer all = FrontEndCodec.encode(golden.message, false);
    MessageHeader header = MessageHeader.decode(all);
    assertEquals(golden.message.type(), RequestType.of(header.type()));
    assertEquals(
        golden.message,
        FrontEndCodec.decode(header, ByteBuffer.wrap(payload), golden.message.descriptors()));
  }

  @Test
  void everyTypeHasItsGoldenBytes() {
    assertEquals(
        List.of(RequestType.values()),
        requests().map(golden -> golden.message.type()).distinct().toList());
  }

  /** A reply to a request, and its payload. */
  record GoldenReply(RequestType asked, BackEndReply reply, String payload) {}

  static Stream<GoldenReply> replies() {
    return Stream.of(
        new GoldenReply(
            RequestType.GET_FEATURES, new BackEndReply.Value(1L << 32), "0000000001000000"),
        new GoldenReply(
            RequestType.GET_VRING_BASE, new BackEndReply.VringBase(1, 77), "01000000 4d000000"),
        new GoldenReply(
            RequestType.GET_CONFIG,
            new BackEndReply.Config(
                new ConfigRange(0, 2, 0), ByteBuffer.wrap(new byte[] {'f', 's'})),
            "00000000 02000000 00000000 6673"),
        new GoldenReply(
            RequestType.GET_CONFIG,
            new BackEndReply.Config(new ConfigRange(9, 0, 0), ByteBuffer.allocate(0)),
            "09000000 00000000 00000000"),
        new GoldenReply(
            RequestType.GET_INFLIGHT_FD,
            new BackEndReply.Inflight(new InflightDescription(64, 0, 2, 8), A),
            "4000000000000000 0000000000000000 0200 0800 00000000"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void repliesHaveTheseBytes(GoldenReply golden) throws MalformedMessage {
    byte[] payload = hex(golden.payload);
    ByteBuffer all = golden.reply.encode(golden.asked);
    assertEquals(
        text(header(golden.asked.number(), 1 | 4, payload.length)) + text(payload),
        text(bytes(all.duplicate().order(all.order()))));
    assertEquals(
        golden.reply,
        BackEndReply.decode(
            golden.asked,
            MessageHeader.decode(all),
            ByteBuffer.wrap(payload),
            golden.reply.descriptors()));
  }

  @Test
  void aChangedConfigurationIsToldInTwelveBytes() {
    assertEquals(text(header(2, 1, 0)), text(bytes(BackEndMessage.CONFIG_CHANGE.encode())));
  }

  private static byte[] header(int type, int flags, int bytes) {
    return new byte[] {
      (byte) type, 0, 0, 0, (byte) flags, 0, 0, 0, (byte) bytes, (byte) (bytes >> 8), 0, 0
    };
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
