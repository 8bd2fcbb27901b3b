package io.strata.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.abi.Opcode;
import io.strata.tests.vmm.FrontEnd;
import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestQueue;
import io.strata.tests.vmm.Message;
import io.strata.tests.vmm.Piece;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** FUSE requests that no kernel would make. Each must end in an error, on that request alone. */
final class RequestAttacks {
  private static final long NO_SUCH_NODE = 0x7fff_ffff_ffffL;
  private static final int HEADER = 40;

  private RequestAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    all.add(new Attack("requests before INIT", RequestAttacks::beforeInit));
    all.add(new Attack("unknown opcodes", RequestAttacks::unknownOpcodes));
    all.add(new Attack("nodes and handles that are not there", RequestAttacks::unknownObjects));
    all.add(new Attack("lengths that lie", RequestAttacks::lies));
    all.add(new Attack("no room for an answer", RequestAttacks::noRoom));
    all.add(new Attack("request and answer in one place", RequestAttacks::overlapping));
    all.add(new Attack("names without an end, and with slashes", RequestAttacks::names));
    all.add(new Attack("INIT again, and a version of the future", RequestAttacks::initAgain));
    all.add(new Attack("everything after DESTROY", RequestAttacks::afterDestroy));
    all.add(new Attack("a request cut off by the end", RequestAttacks::hangUpInFlight));
    all.add(new Attack("handles that are never released", RequestAttacks::handlesLeftOpen));
    return all;
  }

  private static void beforeInit(Target target) throws Exception {
    try (FrontEnd frontEnd = target.negotiated()) {
      frontEnd.tell(Message.of(Message.RESET_DEVICE, Message.nothing()));
    }
    try (Guest guest = new Guest(Target.OPTIONS)) {
      guest.reconnect(target.socket());
      assertThat(guest.call(GuestFiles.getAttributes(GuestFiles.ROOT)).error()).isNotZero();
      assertThat(guest.call(GuestFiles.createRequest(GuestFiles.ROOT, "early")).error())
          .isNotZero();
    }
  }

  private static void unknownOpcodes(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      for (int opcode : new int[] {0, 7, 19, 54, 63, 4096, Integer.MAX_VALUE, -1}) {
        FuseRequest request = new FuseRequest(opcode, 1).u64(0).replyBytes(64);
        assertThat(guest.call(request).error()).as("opcode %d", opcode).isEqualTo(38);
      }
      stillThere(guest);
    }
  }

  private static void unknownObjects(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      for (long node : new long[] {0, NO_SUCH_NODE, -1, Long.MIN_VALUE}) {
        assertThat(guest.call(GuestFiles.getAttributes(node)).error()).as("%d", node).isNotZero();
        GuestFiles.File file = new GuestFiles.File(node, node);
        assertThat(guest.call(GuestFiles.readRequest(file, 0, 64)).error()).isNotZero();
        assertThat(guest.call(GuestFiles.writeRequest(file, 0, new byte[64], 0)).error())
            .isNotZero();
        assertThat(guest.call(GuestFiles.syncRequest(file)).error()).isNotZero();
      }
      stillThere(guest);
    }
  }

  private static void lies(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      GuestFiles.File file = new GuestFiles(guest).create(GuestFiles.ROOT, "lies");
      // The header's length is not the request's.
      for (int length : new int[] {0, 1, HEADER - 1, HEADER, 57, 4096, -1, Integer.MIN_VALUE}) {
        assertThat(error(guest, Opcode.GETATTR, length, 1, 16, 4096)).as("%d", length).isNotZero();
      }
      // A request too short to have a header: it comes back, with nothing written.
      for (int bytes : new int[] {1, 39}) {
        assertThat(error(guest, Opcode.GETATTR, HEADER, 1, bytes - HEADER, 4096)).isZero();
      }
      // Data that is not there, and more than there may be.
      FuseRequest write = new FuseRequest(Opcode.WRITE, file.node()).u64(file.handle()).u64(0);
      write.u32(1 << 30).u32(0).u64(0).u32(0).u32(0).payload(new byte[16]).replyBytes(8);
      assertThat(guest.call(write).error()).isNotZero();
      FuseRequest read = new FuseRequest(Opcode.READ, file.node()).u64(file.handle()).u64(0);
      read.u32(-1).u32(0).u64(0).u32(0).u32(0).replyBytes(4096);
      assertThat(guest.call(read).error()).isNotZero();
      for (long offset : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertThat(guest.call(GuestFiles.writeRequest(file, offset, new byte[64], 0)).error())
            .as("offset %d", offset)
            .isNotZero();
      }
      stillThere(guest);
    }
  }

  /** Sends a message whose header is made up; 0 if nothing came back but the buffers. */
  private static int error(
      Guest guest, Opcode opcode, int claimed, long node, int argumentBytes, int room)
      throws InterruptedException {
    long memory = guest.ram().reserve(8192, 4096);
    MemorySegment message = guest.ram().at(memory, 8192);
    message.set(ValueLayout.JAVA_INT, 0, claimed);
    message.set(ValueLayout.JAVA_INT, 4, opcode.number());
    message.set(ValueLayout.JAVA_LONG, 8, guest.nextUnique());
    message.set(ValueLayout.JAVA_LONG, 16, node);
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece(memory, HEADER + argumentBytes, false));
    if (room > 0) {
      pieces.add(new Piece(memory + 4096, room, true));
    }
    int written = guest.await(guest.queues().get(1).offer(pieces));
    return written < 16 ? 0 : -message.get(ValueLayout.JAVA_INT, 4096 + 4);
  }

  private static void noRoom(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      for (int room : new int[] {0, 1, 15}) {
        assertThat(error(guest, Opcode.GETATTR, HEADER + 16, 1, 16, room)).isZero();
      }
      assertThat(error(guest, Opcode.GETATTR, HEADER + 16, 1, 16, 16)).isNotZero();
      assertThat(error(guest, Opcode.GETATTR, HEADER + 16, 1, 16, 16 + 103)).isNotZero();
      stillThere(guest);
    }
  }

  private static void overlapping(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      long memory = guest.ram().reserve(4096, 4096);
      MemorySegment message = guest.ram().at(memory, 4096);
      message.set(ValueLayout.JAVA_INT, 0, HEADER + 16);
      message.set(ValueLayout.JAVA_INT, 4, Opcode.GETATTR.number());
      message.set(ValueLayout.JAVA_LONG, 8, guest.nextUnique());
      message.set(ValueLayout.JAVA_LONG, 16, 1);
      GuestQueue queue = guest.queues().get(1);
      List<Piece> pieces =
          List.of(
              new Piece(memory, HEADER + 16, false),
              new Piece(memory, 64, true),
              new Piece(memory + 8, 1024, true));
      assertThat(guest.await(queue.offer(pieces))).isBetween(0, 1088);
      stillThere(guest);
    }
  }

  private static void names(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      FuseRequest endless = new FuseRequest(Opcode.LOOKUP, 1).payload(new byte[] {'a', 'b'});
      assertThat(guest.call(endless.replyBytes(128)).error()).isNotZero();
      for (String name : List.of("", "a/b", "/", "..", "x".repeat(256), "x".repeat(4000))) {
        assertThat(guest.call(GuestFiles.createRequest(1, name)).error()).as(name).isNotZero();
      }
      stillThere(guest);
    }
  }

  private static void initAgain(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      new GuestFiles(guest).init();
      FuseRequest future = new FuseRequest(Opcode.INIT, 0).u32(8).u32(0).u32(0).u32(0);
      FuseAnswer answer = guest.call(future.replyBytes(64));
      assertThat(answer.error() != 0 || answer.u32(0) == 7).isTrue();
      new GuestFiles(guest).init();
      stillThere(guest);
    }
  }

  private static void afterDestroy(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      GuestFiles.File file = new GuestFiles(guest).create(GuestFiles.ROOT, "destroyed");
      guest.call(new FuseRequest(Opcode.DESTROY, 0));
      guest.call(GuestFiles.writeRequest(file, 0, new byte[64], 0));
      guest.call(GuestFiles.getAttributes(GuestFiles.ROOT));
      new GuestFiles(guest).init();
      stillThere(guest);
      new GuestFiles(guest).unlink(GuestFiles.ROOT, "destroyed");
    }
    cleanUp(target, "lies");
  }

  private static void hangUpInFlight(Target target) throws Exception {
    for (int round = 0; round < 5; round++) {
      try (Guest guest = target.mounted(Target.OPTIONS)) {
        GuestFiles.File file = new GuestFiles(guest).create(GuestFiles.ROOT, "cut" + round);
        for (int i = 0; i < 8; i++) {
          var _ = guest.send(GuestFiles.writeRequest(file, i * 4096L, new byte[4096], 0));
        }
        guest.hangUp();
      }
      cleanUp(target, "cut" + round);
    }
  }

  private static void handlesLeftOpen(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      GuestFiles files = new GuestFiles(guest);
      long node = files.create(GuestFiles.ROOT, "open").node();
      for (int i = 0; i < 200; i++) {
        files.open(node);
      }
      files.unlink(GuestFiles.ROOT, "open");
    }
  }

  private static void cleanUp(Target target, String name) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      guest.call(new FuseRequest(Opcode.UNLINK, GuestFiles.ROOT).string(name));
    }
  }

  private static void stillThere(Guest guest) throws InterruptedException {
    assertThat(guest.call(GuestFiles.getAttributes(GuestFiles.ROOT)).error()).isZero();
  }
}
