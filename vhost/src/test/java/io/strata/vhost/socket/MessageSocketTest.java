package io.strata.vhost.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.DescriptorPair;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.SocketMessage;
import io.strata.vhost.fake.OpenDescriptors;
import io.strata.vhost.protocol.FrontEndCodec;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.MalformedMessage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MessageSocketTest {
  private final long openBefore = OpenDescriptors.count();
  private DescriptorPair pair;
  private EventDescriptor stop;
  private MessageSocket socket;

  @BeforeEach
  void open() throws IOException {
    pair = DescriptorPair.sockets();
    stop = EventDescriptor.create();
    socket = new MessageSocket(pair.second(), stop, Duration.ofMillis(50));
  }

  @AfterEach
  void nothingLeaks() {
    socket.close();
    stop.close();
    pair.close();
    OpenDescriptors.assertNoMoreThan(openBefore);
  }

  @Test
  void aMessageComesWithItsDescriptors() throws IOException {
    try (Descriptor memory = Descriptor.memory("a", 4096)) {
      send(FrontEndCodec.encode(new FrontEndMessage.SetVringKick(1, memory), true), memory);
      MessageSocket.Frame frame = receive();
      FrontEndMessage message =
          FrontEndCodec.decode(frame.header(), frame.payload(), frame.descriptors());
      FrontEndMessage.SetVringKick kick =
          assertInstanceOf(FrontEndMessage.SetVringKick.class, message);
      assertEquals(4096, kick.descriptors().getFirst().size().bytes());
      frame.closeDescriptors();
    }
  }

  @Test
  void messagesThatComeTogetherAreReadApart() throws IOException {
    ByteBuffer one = FrontEndCodec.encode(new FrontEndMessage.SetFeatures(1), false);
    ByteBuffer two = FrontEndCodec.encode(new FrontEndMessage.GetFeatures(), false);
    ByteBuffer both = ByteBuffer.allocate(one.remaining() + two.remaining());
    send(both.put(one).put(two).flip());
    assertEquals("SET_FEATURES", receive().header().name());
    assertEquals("GET_FEATURES", receive().header().name());
  }

  @Test
  void theEndBetweenMessagesIsNoError() throws IOException {
    pair.first().close();
    assertNull(socket.receive());
  }

  @Test
  void whoIsToldToStopStops() throws IOException {
    stop.signal();
    assertNull(socket.receive());
  }

  @Test
  void theEndInTheMiddleNamesMessageAndField() throws IOException {
    ByteBuffer message = FrontEndCodec.encode(new FrontEndMessage.SetFeatures(1), false);
    try (Descriptor memory = Descriptor.memory("a", 1)) {
      send(message.slice(0, 16), memory);
    }
    pair.first().close();
    assertEquals("SET_FEATURES: payload ends after 4 of 8 bytes", failure());
  }

  @Test
  void theEndInAHeaderIsMalformed() throws IOException {
    send(ByteBuffer.wrap(new byte[] {1, 0, 0}));
    pair.first().close();
    assertEquals("a message: header ends after 3 of 12 bytes", failure());
  }

  @Test
  void whoStopsHalfwayIsNotWaitedForForever() throws IOException {
    ByteBuffer message = FrontEndCodec.encode(new FrontEndMessage.SetFeatures(1), false);
    send(message.slice(0, 13));
    assertEquals("SET_FEATURES: payload stops after 1 of 8 bytes", failure());
  }

  @Test
  void moreDescriptorsThanAnyMessageHasAreClosed() throws IOException {
    List<Descriptor> many = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      many.add(Descriptor.memory("many", 1));
    }
    send(
        FrontEndCodec.encode(new FrontEndMessage.GetFeatures(), false),
        many.toArray(Descriptor[]::new));
    many.forEach(Descriptor::close);
    assertEquals("a message: descriptors are more than 8", failure());
  }

  @Test
  void descriptorsBesideEveryByteAreNotCollectedWithoutLimit() throws IOException {
    ByteBuffer message = FrontEndCodec.encode(new FrontEndMessage.SetFeatures(1), false);
    try (Descriptor memory = Descriptor.memory("a", 1)) {
      for (int i = 0; i < message.remaining(); i++) {
        send(message.slice(i, 1), memory);
      }
    }
    assertEquals("a message: descriptors are more than 8", failure());
  }

  @Test
  void whoReadsNoAnswersIsNotWaitedFor() throws IOException {
    ByteBuffer message = FrontEndCodec.encode(new FrontEndMessage.GetFeatures(), false);
    assertThrows(
        IOException.class,
        () -> {
          for (int i = 0; i < 100_000; i++) {
            socket.send(message.duplicate(), List.of());
          }
        });
  }

  private MessageSocket.Frame receive() throws IOException {
    MessageSocket.Frame frame = socket.receive();
    assertNotNull(frame);
    return frame;
  }

  private String failure() {
    return String.valueOf(
        assertThrows(MalformedMessage.class, () -> socket.receive()).getMessage());
  }

  private void send(ByteBuffer bytes, Descriptor... with) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(bytes.remaining());
      copy.copyFrom(MemorySegment.ofBuffer(bytes));
      assertEquals(copy.byteSize(), SocketMessage.send(pair.first(), copy, List.of(with)));
    }
  }
}
