package io.strata.vhost.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.DescriptorPair;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SocketMessage;
import io.strata.fuse.linux.UnixSocket;
import io.strata.vhost.fake.EchoDevice;
import io.strata.vhost.fake.FrontEnd;
import io.strata.vhost.fake.Guest;
import io.strata.vhost.fake.OpenDescriptors;
import io.strata.vhost.protocol.BackEndReply;
import io.strata.vhost.protocol.ConfigRange;
import io.strata.vhost.protocol.Feature;
import io.strata.vhost.protocol.FrontEndCodec;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.InflightDescription;
import io.strata.vhost.protocol.RegionDescription;
import io.strata.vhost.queue.DescriptorChain;
import io.strata.vhost.socket.ListeningSocket;
import io.strata.vhost.socket.SocketAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A back end as a front end sees it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class BackEndTest {
  private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

  private final long openBefore = OpenDescriptors.count();
  private final EchoDevice device = new EchoDevice();
  private BackEnd backEnd;
  private String path;
  private Guest guest;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    Path socket = folder.resolve("s");
    path = socket.toString();
    SocketAccess access = new SocketAccess(SocketAccess.MODE_DEFAULT, null);
    backEnd = BackEnd.start(ListeningSocket.on(socket, access), device);
    guest = new Guest();
  }

  @AfterEach
  void nothingLeaks() throws InterruptedException {
    backEnd.stop();
    guest.close();
    assertEquals("close", device.events().getLast());
    OpenDescriptors.assertNoMoreThan(openBefore);
  }

  private FrontEnd connect() throws IOException {
    return new FrontEnd(UnixSocket.connected(path));
  }

  private void assertServes(FrontEnd frontEnd) throws IOException {
    frontEnd.negotiate(0);
    guest.start(frontEnd, 0);
    assertEcho(0);
  }

  private void assertEcho(int head) throws IOException {
    guest.request(head, PING);
    assertEquals(head, guest.awaitUsed());
    assertArrayEquals(PING, guest.answer(head, PING.length));
  }

  @Test
  void aRequestIsServed() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      assertEcho(1);
      assertEquals(List.of("started"), device.events());
    }
  }

  @Test
  void whatItOffersIsWhatItKnows() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      long features = frontEnd.askValue(new FrontEndMessage.GetFeatures());
      assertEquals(
          Feature.VERSION_1
              | Feature.PROTOCOL_FEATURES
              | Feature.RING_PACKED
              | Feature.RING_EVENT_IDX
              | Feature.RING_INDIRECT_DESC
              | Feature.LOG_ALL,
          features);
      assertEquals(2, frontEnd.askValue(new FrontEndMessage.GetQueueNum()));
      assertEquals(256, frontEnd.askValue(new FrontEndMessage.GetMaxMemSlots()));
      frontEnd.negotiate(0);
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetFeatures(1L << 60)));
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetProtocolFeatures(1 << 30)));
      frontEnd.tell(new FrontEndMessage.SetStatus(7));
      assertEquals(7, frontEnd.askValue(new FrontEndMessage.GetStatus()));
    }
  }

  @Test
  void aRefusalThatNobodyWaitsForEndsTheConnectionAndNoOther() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      frontEnd.tell(new FrontEndMessage.SetVringNum(7, 8));
      frontEnd.awaitEnd();
    }
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
    }
  }

  @Test
  void whatIsNoMessageEndsTheConnectionAndNoOther() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      frontEnd.sendRaw(ByteBuffer.wrap(new byte[64]), List.of(guest.file()));
      frontEnd.awaitEnd();
    }
    try (FrontEnd frontEnd = connect()) {
      frontEnd.sendRaw(
          FrontEndCodec.encode(new FrontEndMessage.SetVringKick(0, guest.file()), false),
          List.of());
      frontEnd.awaitEnd();
    }
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
    }
  }

  @Test
  void aRingIsStoppedWhenWhatIsInFlightIsDone() throws Exception {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      device.hold();
      guest.request(1, PING);
      DescriptorChain chain = device.taken();
      frontEnd.tell(new FrontEndMessage.GetVringBase(0));
      EchoDevice.echo(chain);
      frontEnd.tell(new FrontEndMessage.GetStatus());
      assertEquals(1, guest.awaitUsed());
      BackEndReply.VringBase base =
          assertInstanceOf(
              BackEndReply.VringBase.class, frontEnd.answerTo(new FrontEndMessage.GetVringBase(0)));
      assertEquals(new BackEndReply.VringBase(0, 2), base);
      assertInstanceOf(
          BackEndReply.Value.class, frontEnd.answerTo(new FrontEndMessage.GetStatus()));
    }
  }

  @Test
  void aStoppedRingGoesOnWhereItWas() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      for (int i = 1; i < 4; i++) {
        assertEquals(
            new BackEndReply.VringBase(0, i), frontEnd.ask(new FrontEndMessage.GetVringBase(0)));
        guest.startRing(frontEnd, 0);
        assertEcho(i % 4);
      }
    }
  }

  @Test
  void aRingThatIsDisabledIsNotServed() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      frontEnd.done(new FrontEndMessage.SetVringEnable(0, false));
      guest.request(1, PING);
      frontEnd.askValue(new FrontEndMessage.GetStatus());
      frontEnd.done(new FrontEndMessage.SetVringEnable(0, true));
      assertEquals(1, guest.awaitUsed());
    }
  }

  @Test
  void aRingThatIsDisabledMayBeSetUpAnew() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetVringBase(0, 1)));
      frontEnd.done(new FrontEndMessage.SetVringEnable(0, false));
      guest.startRing(frontEnd, 0);
      assertEcho(1);
    }
  }

  @Test
  void memoryMayChangeWhileRequestsAreInFlight() throws Exception {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      device.hold();
      guest.request(1, PING);
      DescriptorChain chain = device.taken();
      frontEnd.done(guest.lend());
      EchoDevice.echo(chain);
      assertEquals(1, guest.awaitUsed());
      assertArrayEquals(PING, guest.answer(1, PING.length));
    }
  }

  @Test
  void regionsComeAndGo() throws IOException {
    try (FrontEnd frontEnd = connect();
        Descriptor more = Descriptor.memory("more", 8192)) {
      frontEnd.negotiate(0);
      frontEnd.done(new FrontEndMessage.AddMemReg(guest.region(), guest.file()));
      guest.startRing(frontEnd, 0);
      assertEcho(0);
      RegionDescription other = new RegionDescription(0x4000_0000, 8192, 0x7100_0000_0000L, 0);
      frontEnd.done(new FrontEndMessage.AddMemReg(other, more));
      assertEcho(1);
      frontEnd.done(new FrontEndMessage.RemMemReg(other, null));
      assertEcho(2);
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.RemMemReg(other, null)));
      assertNotEquals(
          0, frontEnd.acknowledged(new FrontEndMessage.AddMemReg(guest.region(), guest.file())));
      assertEcho(3);
    }
  }

  @Test
  void aRingWhoseMemoryIsTakenAwayIsBrokenAndSaysSo() throws IOException {
    try (FrontEnd frontEnd = connect();
        EventDescriptor error = EventDescriptor.create();
        Poll poll = new Poll(List.of(error.descriptor()))) {
      assertServes(frontEnd);
      frontEnd.done(new FrontEndMessage.SetVringErr(0, error.descriptor()));
      frontEnd.done(new FrontEndMessage.RemMemReg(guest.region(), null));
      assertTrue(poll.await(Duration.ofSeconds(50)));
      frontEnd.askValue(new FrontEndMessage.GetStatus());
    }
    try (FrontEnd frontEnd = connect();
        Guest other = new Guest()) {
      frontEnd.negotiate(0);
      other.start(frontEnd, 0);
      other.request(0, PING);
      assertEquals(0, other.awaitUsed());
    }
  }

  @Test
  void aDriverThatBreaksTheRulesBreaksItsRingOnly() throws IOException {
    try (FrontEnd frontEnd = connect();
        Guest other = new Guest();
        EventDescriptor error = EventDescriptor.create();
        Poll poll = new Poll(List.of(error.descriptor()))) {
      assertServes(frontEnd);
      frontEnd.done(new FrontEndMessage.SetVringErr(0, error.descriptor()));
      guest.makeAvailable(999);
      assertTrue(poll.await(Duration.ofSeconds(50)));
      assertEquals(0, frontEnd.askValue(new FrontEndMessage.GetStatus()));
      frontEnd.ask(new FrontEndMessage.GetVringBase(0));
      frontEnd.done(other.lend());
      other.startRing(frontEnd, 1);
      other.request(0, PING);
      assertEquals(0, other.awaitUsed());
    }
  }

  @Test
  void aRingThatCannotBeIsRefused() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      frontEnd.negotiate(0);
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetVringNum(0, 0)));
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetVringNum(0, 1 << 20)));
      frontEnd.done(new FrontEndMessage.SetVringNum(0, 7));
      frontEnd.done(guest.ring(0));
      frontEnd.done(new FrontEndMessage.SetVringKick(0, null));
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetVringEnable(0, true)));
    }
  }

  @Test
  void aReconnectingFrontEndGoesOnWithTheSameDevice() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
    }
    try (FrontEnd frontEnd = connect()) {
      frontEnd.negotiate(0);
      guest.start(frontEnd, 0);
      assertEcho(1);
    }
    // The second one's end may or may not have come yet.
    assertEquals(List.of("started", "quiesce", "started"), device.events().subList(0, 3));
  }

  @Test
  void whatIsInFlightWhenTheFrontEndGoesIsDoneFirst() throws Exception {
    DescriptorChain chain;
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      device.hold();
      guest.request(1, PING);
      chain = device.taken();
    }
    EchoDevice.echo(chain);
    assertEquals(1, guest.awaitUsed());
  }

  @Test
  void whatNeverEndsDoesNotKeepTheProcessFromEnding() throws Exception {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      device.hold();
      guest.request(1, PING);
      DescriptorChain chain = device.taken();
      backEnd.stop();
      assertEquals(List.of("started", "close"), device.events());
      // It ends without effect, into memory that is still there.
      EchoDevice.echo(chain);
    }
  }

  @Test
  void inflightMemoryIsMadeAndTakenBack() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      frontEnd.negotiate(0);
      InflightDescription wanted = new InflightDescription(0, 0, 2, Guest.ENTRIES);
      BackEndReply.Inflight made =
          assertInstanceOf(
              BackEndReply.Inflight.class, frontEnd.ask(new FrontEndMessage.GetInflightFd(wanted)));
      try (Descriptor file = made.descriptor()) {
        assertEquals(made.inflight().mmapBytes(), file.size().bytes());
        frontEnd.done(new FrontEndMessage.SetInflightFd(made.inflight(), file));
        guest.start(frontEnd, 0);
        assertEcho(0);
        assertNotEquals(
            0, frontEnd.acknowledged(new FrontEndMessage.SetInflightFd(made.inflight(), file)));
      }
    }
  }

  @Test
  void theConfigurationSpaceIsReadAndWrittenInItsBounds() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      frontEnd.negotiate(0);
      ConfigRange range = new ConfigRange(3, 6, 0);
      ByteBuffer figura = ByteBuffer.wrap("figura".getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          figura, config(frontEnd.ask(new FrontEndMessage.GetConfig(new ConfigRange(3, 6, 0)))));
      ConfigRange beyond = new ConfigRange(10, 6, 0);
      assertEquals(
          ByteBuffer.allocate(0), config(frontEnd.ask(new FrontEndMessage.GetConfig(beyond))));
      assertNotEquals(0, frontEnd.acknowledged(new FrontEndMessage.SetConfig(range, figura)));
      ConfigRange migrating = new ConfigRange(0, 6, ConfigRange.MIGRATING);
      frontEnd.done(new FrontEndMessage.SetConfig(migrating, figura));
      assertEquals(
          figura, config(frontEnd.ask(new FrontEndMessage.GetConfig(new ConfigRange(0, 6, 0)))));
    }
  }

  private static ByteBuffer config(BackEndReply reply) {
    return assertInstanceOf(BackEndReply.Config.class, reply).bytes();
  }

  @Test
  void aResetDeviceStartsAnew() throws IOException {
    try (FrontEnd frontEnd = connect()) {
      assertServes(frontEnd);
      frontEnd.done(new FrontEndMessage.ResetDevice());
      assertEquals(List.of("started", "quiesce", "reset"), device.events());
      guest.startRing(frontEnd, 0);
      assertEcho(1);
    }
  }

  @Test
  void aChangedConfigurationIsTold() throws IOException {
    try (FrontEnd frontEnd = connect();
        DescriptorPair channel = DescriptorPair.sockets();
        Arena arena = Arena.ofConfined()) {
      frontEnd.negotiate(0);
      backEnd.configChanged();
      frontEnd.done(new FrontEndMessage.SetBackendReqFd(channel.second()));
      backEnd.configChanged();
      MemorySegment message = arena.allocate(64);
      assertEquals(12, SocketMessage.receive(channel.first(), message, 1).bytes());
      assertEquals(2, message.get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void stateIsSavedThroughAPipeThatIsSmallerThanIt() throws IOException {
    byte[] state = EchoDevice.pattern(1 << 20);
    device.state(state);
    try (FrontEnd frontEnd = connect();
        DescriptorPair pipe = DescriptorPair.pipe()) {
      frontEnd.negotiate(0);
      FrontEndMessage.SetDeviceStateFd save =
          new FrontEndMessage.SetDeviceStateFd(false, 0, pipe.second());
      assertEquals(0x100, frontEnd.askValue(save));
      pipe.second().close();
      assertArrayEquals(state, readAll(pipe.first()));
      assertEquals(0, frontEnd.askValue(new FrontEndMessage.CheckDeviceState()));
      assertNotEquals(0, frontEnd.askValue(new FrontEndMessage.CheckDeviceState()));
    }
  }

  @Test
  void stateIsLoadedOrRefused() throws IOException {
    assertEquals(0, load("good".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("good", new String(device.state(), StandardCharsets.US_ASCII));
    assertNotEquals(0, load("bad".getBytes(StandardCharsets.US_ASCII)));
  }

  private long load(byte[] state) throws IOException {
    try (FrontEnd frontEnd = connect();
        DescriptorPair pipe = DescriptorPair.pipe();
        Arena arena = Arena.ofConfined()) {
      frontEnd.negotiate(0);
      FrontEndMessage.SetDeviceStateFd load =
          new FrontEndMessage.SetDeviceStateFd(true, 0, pipe.first());
      assertEquals(0x100, frontEnd.askValue(load));
      MemorySegment bytes = arena.allocate(state.length);
      bytes.copyFrom(MemorySegment.ofArray(state));
      assertEquals(state.length, pipe.second().write(bytes, new ErrnoSlot(arena)));
      pipe.second().close();
      return frontEnd.askValue(new FrontEndMessage.CheckDeviceState());
    }
  }

  @Test
  void stateOfARunningDeviceIsNotSaved() throws IOException {
    try (FrontEnd frontEnd = connect();
        DescriptorPair pipe = DescriptorPair.pipe()) {
      assertServes(frontEnd);
      assertEquals(
          0x101, frontEnd.askValue(new FrontEndMessage.SetDeviceStateFd(false, 0, pipe.second())));
    }
  }

  @Test
  void aTransferThatNobodyReadsEndsWithTheConnection() throws IOException {
    device.state(EchoDevice.pattern(1 << 20));
    try (DescriptorPair pipe = DescriptorPair.pipe()) {
      try (FrontEnd frontEnd = connect()) {
        frontEnd.negotiate(0);
        frontEnd.askValue(new FrontEndMessage.SetDeviceStateFd(false, 0, pipe.second()));
      }
      try (FrontEnd frontEnd = connect()) {
        assertServes(frontEnd);
      }
    }
  }

  private static byte[] readAll(Descriptor pipe) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment buffer = arena.allocate(65536);
      long count = pipe.read(buffer, errno);
      while (count > 0) {
        all.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        count = pipe.read(buffer, errno);
      }
      assertEquals(0, count);
      return all.toByteArray();
    }
  }

  @Test
  void writesToTheGuestAreLogged() throws IOException {
    try (FrontEnd frontEnd = connect();
        Descriptor log = Descriptor.memory("log", 4096)) {
      frontEnd.negotiate(Feature.LOG_ALL);
      frontEnd.askValue(new FrontEndMessage.SetLogBase(4096, 0, log));
      guest.start(frontEnd, 0);
      assertEcho(0);
      try (Mapping bits = Mapping.shared(log, 0, 4096)) {
        // Descriptors, available, used, and the pages of request 0: what is read, what is written.
        assertEquals(
            0b0000_0010_0000_0100,
            bits.memory().get(ValueLayout.JAVA_SHORT, Guest.GUEST_ADDRESS / 4096 / 8));
      }
    }
  }
}
