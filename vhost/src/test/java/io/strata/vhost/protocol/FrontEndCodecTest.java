package io.strata.vhost.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.linux.Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class FrontEndCodecTest {
  /** Never opened and never closed. */
  private static final List<Descriptor> DESCRIPTORS =
      IntStream.range(0, 9).mapToObj(i -> Descriptor.owning(100_000 + i)).toList();

  @Property
  void whatIsEncodedIsDecoded(@ForAll("messages") FrontEndMessage message) throws MalformedMessage {
    ByteBuffer all = FrontEndCodec.encode(message, true);
    MessageHeader header = MessageHeader.decode(all);
    assertTrue(header.needsReply());
    assertEquals(message, FrontEndCodec.decode(header, all.slice(), message.descriptors()));
  }

  @Property
  void aShorterPayloadIsMalformed(@ForAll("messages") FrontEndMessage message, @ForAll int shorter)
      throws MalformedMessage {
    ByteBuffer all = FrontEndCodec.encode(message, false);
    MessageHeader header = MessageHeader.decode(all);
    // Four bytes at the end of an inflight description are padding.
    int optional =
        message.type() == RequestType.GET_INFLIGHT_FD
                || message.type() == RequestType.SET_INFLIGHT_FD
            ? 4
            : 0;
    int needed = header.payloadBytes() - optional;
    if (needed > 0) {
      ByteBuffer cut = all.slice(all.position(), Math.floorMod(shorter, needed));
      MalformedMessage e =
          assertThrows(
              MalformedMessage.class,
              () -> FrontEndCodec.decode(header, cut, message.descriptors()));
      assertTrue(String.valueOf(e.getMessage()).startsWith(message.type().name()), e.getMessage());
    }
  }

  @Property
  void aDescriptorTooManyOrTooFewIsMalformed(@ForAll("messages") FrontEndMessage message)
      throws MalformedMessage {
    ByteBuffer all = FrontEndCodec.encode(message, false);
    MessageHeader header = MessageHeader.decode(all);
    if (message.type() != RequestType.REM_MEM_REG) {
      List<Descriptor> more = DESCRIPTORS.subList(0, message.descriptors().size() + 1);
      assertThrows(MalformedMessage.class, () -> FrontEndCodec.decode(header, all.slice(), more));
    }
    if (!message.descriptors().isEmpty() && message.type() != RequestType.REM_MEM_REG) {
      List<Descriptor> fewer = DESCRIPTORS.subList(0, message.descriptors().size() - 1);
      assertThrows(MalformedMessage.class, () -> FrontEndCodec.decode(header, all.slice(), fewer));
    }
  }

  @Property
  void anyBytesAreAMessageOrMalformed(
      @ForAll int type, @ForAll byte[] payload, @ForAll("few") int descriptors) {
    MessageHeader header = MessageHeader.request(Math.floorMod(type, 64), false, payload.length);
    try {
      FrontEndMessage message =
          FrontEndCodec.decode(
              header, ByteBuffer.wrap(payload), DESCRIPTORS.subList(0, descriptors));
      assertEquals(header.type(), message.type().number());
    } catch (MalformedMessage e) {
      assertTrue(String.valueOf(e.getMessage()).contains(": "), e.getMessage());
    }
  }

  @Test
  void aHeaderOfAnotherVersionIsMalformed() {
    assertThrows(MalformedMessage.class, () -> MessageHeader.decode(header(1, 2, 0)));
    assertThrows(MalformedMessage.class, () -> MessageHeader.decode(header(1, 0, 0)));
  }

  @Test
  void aHeaderWithAHugeSizeIsMalformed() {
    for (int size : new int[] {MessageHeader.PAYLOAD_BYTES_MAX + 1, Integer.MAX_VALUE, -1}) {
      MalformedMessage e =
          assertThrows(MalformedMessage.class, () -> MessageHeader.decode(header(5, 1, size)));
      assertEquals(
          "SET_MEM_TABLE: size is " + Integer.toUnsignedString(size) + ", over 4096",
          e.getMessage());
    }
  }

  @Test
  void whatIsUnknownOrAReplyIsRefusedByName() {
    MessageHeader unknown = MessageHeader.request(26, false, 0);
    MalformedMessage e =
        assertThrows(
            MalformedMessage.class,
            () -> FrontEndCodec.decode(unknown, ByteBuffer.allocate(0), List.of()));
    assertEquals("request 26: request is unknown", e.getMessage());
    MessageHeader reply = MessageHeader.reply(RequestType.GET_STATUS.number(), 0);
    assertThrows(
        MalformedMessage.class,
        () -> FrontEndCodec.decode(reply, ByteBuffer.allocate(0), List.of()));
  }

  private static ByteBuffer header(int type, int flags, int size) {
    return ByteBuffer.allocate(MessageHeader.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(type)
        .putInt(flags)
        .putInt(size)
        .flip();
  }

  @Provide
  Arbitrary<Integer> few() {
    return Arbitraries.integers().between(0, DESCRIPTORS.size());
  }

  @Provide
  Arbitrary<FrontEndMessage> messages() {
    Arbitrary<Long> any = Arbitraries.longs();
    Arbitrary<Integer> index = Arbitraries.integers().between(0, 255);
    Arbitrary<Integer> number = Arbitraries.integers();
    Arbitrary<RegionDescription> region =
        Combinators.combine(any, any, any, any).as(RegionDescription::new);
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 0xffff);
    Arbitrary<InflightDescription> inflight =
        Combinators.combine(any, any, small, small).as(InflightDescription::new);
    Descriptor one = DESCRIPTORS.getFirst();
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.of(bare()),
            any.map(FrontEndMessage.SetFeatures::new),
            any.map(FrontEndMessage.SetProtocolFeatures::new),
            any.map(FrontEndMessage.SetStatus::new),
            region
                .list()
                .ofMaxSize(FrontEndMessage.SetMemTable.REGIONS_MAX)
                .map(
                    regions ->
                        new FrontEndMessage.SetMemTable(
                            regions, DESCRIPTORS.subList(0, regions.size()))),
            Combinators.combine(any, any)
                .as((size, offset) -> new FrontEndMessage.SetLogBase(size, offset, one)),
            Combinators.combine(number, number).as(FrontEndMessage.SetVringNum::new),
            Combinators.combine(number, number).as(FrontEndMessage.SetVringBase::new),
            number.map(FrontEndMessage.GetVringBase::new),
            Combinators.combine(number, number, any, any, any, any)
                .as(FrontEndMessage.SetVringAddr::new),
            index.map(i -> new FrontEndMessage.SetVringKick(i, one)),
            index.map(i -> new FrontEndMessage.SetVringCall(i, null)),
            index.map(i -> new FrontEndMessage.SetVringErr(i, one)),
            Combinators.combine(number, Arbitraries.of(Set.of(true, false)))
                .as(FrontEndMessage.SetVringEnable::new),
            Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(256)
                .map(
                    bytes ->
                        new FrontEndMessage.SetConfig(
                            new ConfigRange(3, bytes.length, 0), ByteBuffer.wrap(bytes))),
            index.map(size -> new FrontEndMessage.GetConfig(new ConfigRange(0, size, 0))),
            inflight.map(FrontEndMessage.GetInflightFd::new),
            inflight.map(wanted -> new FrontEndMessage.SetInflightFd(wanted, one)),
            region.map(added -> new FrontEndMessage.AddMemReg(added, one)),
            region.map(removed -> new FrontEndMessage.RemMemReg(removed, null)),
            number.map(phase -> new FrontEndMessage.SetDeviceStateFd(true, phase, one))));
  }

  private static List<FrontEndMessage> bare() {
    Descriptor one = DESCRIPTORS.getFirst();
    return List.of(
        new FrontEndMessage.GetFeatures(),
        new FrontEndMessage.SetOwner(),
        new FrontEndMessage.ResetOwner(),
        new FrontEndMessage.SetLogFd(one),
        new FrontEndMessage.GetProtocolFeatures(),
        new FrontEndMessage.GetQueueNum(),
        new FrontEndMessage.SetBackendReqFd(one),
        new FrontEndMessage.ResetDevice(),
        new FrontEndMessage.GetMaxMemSlots(),
        new FrontEndMessage.GetStatus(),
        new FrontEndMessage.CheckDeviceState());
  }
}
