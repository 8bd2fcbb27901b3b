package io.strata.vhost.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.DescriptorPair;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.UnixSocket;
import io.strata.vhost.fake.OpenDescriptors;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListeningSocketTest {
  private static final SocketAccess PRIVATE = new SocketAccess(SocketAccess.MODE_DEFAULT, null);

  private final long openBefore = OpenDescriptors.count();
  private EventDescriptor stop;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    stop = EventDescriptor.create();
  }

  @AfterEach
  void nothingLeaks() {
    stop.close();
    OpenDescriptors.assertNoMoreThan(openBefore);
  }

  private Path path() {
    return folder.resolve("s.sock");
  }

  @Test
  void frontEndsConnectOneAfterAnother() throws IOException {
    try (ListeningSocket socket = ListeningSocket.on(path(), PRIVATE)) {
      for (int i = 0; i < 2; i++) {
        try (Descriptor _ = UnixSocket.connected(path().toString())) {
          try (MessageSocket accepted = socket.accept(stop)) {
            assertNotNull(accepted);
          }
        }
      }
    }
    assertFalse(Files.exists(path()), "the socket goes with who made it");
  }

  @Test
  void modeIsWhatWasAskedFor() throws IOException {
    try (ListeningSocket socket = ListeningSocket.on(path(), new SocketAccess(0660, null))) {
      assertEquals(path().toString(), socket.toString());
      assertEquals(0660, (int) Files.getAttribute(path(), "unix:mode") & 0777);
    }
  }

  @Test
  void aGroupThatIsNotThereLeavesNoSocket() {
    assertThrows(
        UserPrincipalNotFoundException.class,
        () -> ListeningSocket.on(path(), new SocketAccess(0660, "no-such-group")));
    assertFalse(Files.exists(path()));
  }

  @Test
  void aModeWithMoreThanPermissionsIsNone() {
    assertThrows(IllegalArgumentException.class, () -> new SocketAccess(01777, null));
  }

  @Test
  void aSocketThatNobodyServesIsReplaced() throws IOException {
    UnixSocket.bound(path().toString()).close();
    assertTrue(Files.exists(path()));
    try (ListeningSocket socket = ListeningSocket.on(path(), PRIVATE);
        Descriptor _ = UnixSocket.connected(path().toString());
        MessageSocket accepted = socket.accept(stop)) {
      assertNotNull(accepted);
    }
  }

  @Test
  void aSocketThatSomebodyServesIsRefused() throws IOException {
    try (ListeningSocket first = ListeningSocket.on(path(), PRIVATE)) {
      SocketInUse e = assertThrows(SocketInUse.class, () -> ListeningSocket.on(path(), PRIVATE));
      assertEquals(path() + " is served by another process", e.getMessage());
      // Who looked has gone; the next one is a front end.
      try (MessageSocket looked = first.accept(stop);
          Descriptor _ = UnixSocket.connected(path().toString());
          MessageSocket accepted = first.accept(stop)) {
        assertNotNull(looked);
        assertNull(looked.receive());
        assertNotNull(accepted);
      }
    }
  }

  @Test
  void whatIsNoSocketStays() throws IOException {
    Files.writeString(path(), "precious");
    assertThrows(FileSystemException.class, () -> ListeningSocket.on(path(), PRIVATE));
    assertEquals("precious", Files.readString(path()));
  }

  @Test
  void aSocketThatWasReplacedIsNotRemoved() throws IOException {
    ListeningSocket first = ListeningSocket.on(path(), PRIVATE);
    Files.delete(path());
    try (ListeningSocket second = ListeningSocket.on(path(), PRIVATE)) {
      first.close();
      assertTrue(Files.exists(path()), second.toString());
    }
  }

  @Test
  void aPathTooLongIsAClearError() {
    Path deep = folder.resolve("x".repeat(120));
    IOException e = assertThrows(IOException.class, () -> ListeningSocket.on(deep, PRIVATE));
    assertTrue(String.valueOf(e.getMessage()).contains("more than 107 bytes"), e.getMessage());
  }

  @Test
  void anInheritedSocketThatListensServesManyFrontEnds() throws IOException {
    Descriptor listening = UnixSocket.bound(path().toString());
    UnixSocket.listen(listening, 1);
    try (ListeningSocket socket = ListeningSocket.inherited(listening.number())) {
      for (int i = 0; i < 2; i++) {
        try (Descriptor _ = UnixSocket.connected(path().toString());
            MessageSocket accepted = socket.accept(stop)) {
          assertNotNull(accepted);
        }
      }
    }
    assertTrue(Files.exists(path()), "it is not ours to remove");
  }

  @Test
  void anInheritedConnectionIsTheOnlyOne() throws IOException {
    DescriptorPair pair = DescriptorPair.sockets();
    try (ListeningSocket socket = ListeningSocket.inherited(pair.second().number())) {
      try (MessageSocket accepted = socket.accept(stop)) {
        assertNotNull(accepted);
        pair.first().close();
        assertNull(accepted.receive());
      }
      assertNull(socket.accept(stop));
    }
  }

  @Test
  void aDescriptorThatIsNoSocketIsAClearError() throws IOException {
    try (Descriptor memory = Descriptor.memory("no socket", 1)) {
      IOException e =
          assertThrows(IOException.class, () -> ListeningSocket.inherited(memory.number()));
      assertTrue(String.valueOf(e.getMessage()).contains("non-socket"), e.getMessage());
    }
  }

  @Test
  void whoWaitsForAFrontEndCanBeStopped() throws IOException {
    try (ListeningSocket socket = ListeningSocket.on(path(), PRIVATE)) {
      stop.signal();
      assertNull(socket.accept(stop));
    }
  }
}
