package io.strata.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.DescriptorPair;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.tests.vmm.FrontEnd;
import io.strata.tests.vmm.GuestRam;
import io.strata.tests.vmm.Message;
import io.strata.tests.vmm.RamRegion;
import java.io.EOFException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** vhost-user messages that make no sense. */
final class MessageAttacks {
  private MessageAttacks() {}

  /** Does something with a connection on which features are agreed on. */
  @FunctionalInterface
  private interface Conversation {
    void with(FrontEnd frontEnd) throws Exception;
  }

  private static void talk(List<Attack> all, String name, Conversation conversation) {
    all.add(
        new Attack(
            name,
            target -> {
              try (FrontEnd frontEnd = target.negotiated()) {
                conversation.with(frontEnd);
              } catch (EOFException _) {
                // It hung up before all was said.
              }
            }));
  }

  private static void refused(List<Attack> all, String name, Message message) {
    talk(all, name, frontEnd -> Target.refused(frontEnd, message));
  }

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    bytes(all);
    rings(all);
    memory(all);
    others(all);
    return all;
  }

  private static void bytes(List<Attack> all) {
    byte[] whole = Message.of(Message.SET_FEATURES, Message.u64(0)).toBytes();
    for (int length : new int[] {1, 11, 12, 19}) {
      talk(all, length + " bytes of a message, then the end", frontEnd ->
          frontEnd.socket().send(Arrays.copyOf(whole, length), List.of()));
    }
    talk(all, "half a message, and silence", frontEnd ->
        Target.hungUpOn(frontEnd, Arrays.copyOf(whole, 14)));
    talk(all, "garbage", frontEnd -> {
      byte[] garbage = new byte[4096];
      new SplittableRandom(1).nextBytes(garbage);
      Target.hungUpOn(frontEnd, garbage);
    });
    talk(all, "zeros", frontEnd -> Target.hungUpOn(frontEnd, new byte[4096]));
    for (int length : new int[] {-1, Integer.MIN_VALUE, 1 << 20}) {
      talk(all, "a payload of " + length, frontEnd -> {
        ByteBuffer header = ByteBuffer.wrap(Arrays.copyOf(whole, 12)).order(ByteOrder.nativeOrder());
        header.putInt(8, length);
        Target.hungUpOn(frontEnd, header.array());
      });
    }
    for (int request : new int[] {0, 19, 35, 44, 9999, -1}) {
      talk(all, "request " + request, frontEnd ->
          Target.refused(frontEnd, Message.of(request, Message.u64(0))));
    }
    for (int flags : new int[] {0, 2, Message.VERSION | Message.REPLY}) {
      talk(all, "flags " + flags, frontEnd -> {
        frontEnd.socket().send(Message.of(Message.GET_FEATURES, Message.nothing()).withFlags(flags));
        frontEnd.socket().awaitEnd();
      });
    }
    for (int request = 1; request <= 43; request++) {
      Message message = Message.of(request, Message.buffer(3));
      if (request != Message.GET_FEATURES) {
        talk(all, "request " + request + " with three bytes", frontEnd -> {
          frontEnd.socket().send(message);
          frontEnd.socket().awaitEnd();
        });
      }
    }
  }

  private static void rings(List<Attack> all) {
    for (int size : new int[] {0, 3, 100, 2048, 65536, -1}) {
      talk(all, "a split ring of " + size, frontEnd -> {
        try (GuestRam ram = new GuestRam(1 << 20, 0)) {
          frontEnd.share(ram.regions());
          // Some sizes are refused at once, some when the ring is to start.
          frontEnd.socket().send(Message.of(Message.SET_VRING_NUM, Message.ring(1, size)));
          frontEnd.socket().send(address(ram.userAddress(GuestRam.LOW)));
          frontEnd.socket().send(Message.of(Message.SET_VRING_KICK, Message.u64(1 | 1 << 8)));
          frontEnd.socket().send(Message.of(Message.SET_VRING_ENABLE, Message.ring(1, 1)));
          frontEnd.socket().awaitEnd();
        }
      });
    }
    for (long at : new long[] {0, 0xdead_0000_0000L, -16, 0x7f00_0000_0000L + GuestRam.LOW + 1}) {
      talk(all, "a ring at %x".formatted(at), frontEnd -> {
        try (GuestRam ram = new GuestRam(1 << 20, 0)) {
          frontEnd.share(ram.regions());
          frontEnd.socket().send(Message.of(Message.SET_VRING_NUM, Message.ring(1, 64)));
          frontEnd.socket().send(address(at));
          frontEnd.socket().send(Message.of(Message.SET_VRING_KICK, Message.u64(1 | 1 << 8)));
          frontEnd.socket().send(Message.of(Message.SET_VRING_ENABLE, Message.ring(1, 1)));
          frontEnd.socket().awaitEnd();
        }
      });
    }
    for (int index : new int[] {2, 255, 256, -1}) {
      refused(all, "the size of ring " + index,
          Message.of(Message.SET_VRING_NUM, Message.ring(index, 64)));
      refused(all, "enabling ring " + index,
          Message.of(Message.SET_VRING_ENABLE, Message.ring(index, 1)));
    }
    refused(all, "a kick of ring 200", Message.of(Message.SET_VRING_KICK, Message.u64(200 | 256)));
    refused(all, "a kick without its descriptor",
        Message.of(Message.SET_VRING_KICK, Message.u64(1)));
    refused(all, "a call without its descriptor",
        Message.of(Message.SET_VRING_CALL, Message.u64(1)));
  }

  private static Message address(long user) {
    ByteBuffer payload = Message.buffer(40).putInt(1).putInt(0);
    payload.putLong(user).putLong(user + 8192).putLong(user + 4096).putLong(0);
    return Message.of(Message.SET_VRING_ADDR, payload.rewind());
  }

  private static void memory(List<Attack> all) {
    region(all, "memory without a descriptor", 1 << 20, 1 << 16, 0, false);
    region(all, "memory of no bytes", 0, 0, 0, true);
    region(all, "memory behind the end of its file", 1 << 20, 1 << 20, 0, true);
    region(all, "memory of 2^63 bytes", Long.MIN_VALUE, 0, 0, true);
    region(all, "memory of all bytes", -1, 0, 0, true);
    region(all, "memory at an offset that overflows", 4096, Long.MAX_VALUE, 0, true);
    region(all, "memory that ends behind all addresses", 1 << 16, 0, -4096, true);
    talk(all, "memory that overlaps", frontEnd -> {
      try (GuestRam ram = new GuestRam(1 << 20, 0)) {
        frontEnd.share(ram.regions());
        Target.refused(frontEnd, add(ram.regions().getFirst(), 1 << 20, 1 << 16, GuestRam.LOW + 4096));
      }
    });
    talk(all, "taking away memory that is not there", frontEnd -> {
      try (GuestRam ram = new GuestRam(1 << 20, 0)) {
        Message add = add(ram.regions().getFirst(), 1 << 20, 1 << 16, GuestRam.LOW);
        Target.refused(
            frontEnd, new Message(Message.REM_MEM_REG, add.flags(), add.payload(), List.of()));
      }
    });
    talk(all, "memory that is a pipe", frontEnd -> {
      try (DescriptorPair pipe = DescriptorPair.pipe();
          GuestRam ram = new GuestRam(1 << 20, 0)) {
        Message add = add(ram.regions().getFirst(), 1 << 20, 0, GuestRam.LOW);
        Target.refused(frontEnd, add.with(List.of(pipe.first())));
      }
    });
    for (int count : new int[] {2, 9, 1000, -1}) {
      talk(all, "a table of " + count + " regions, with one", frontEnd -> {
        try (GuestRam ram = new GuestRam(1 << 20, 0)) {
          Message add = add(ram.regions().getFirst(), 1 << 20, 1 << 16, GuestRam.LOW);
          ByteBuffer table = Message.buffer(40).putInt(0, count);
          table.put(8, add.payload(), 8, 32);
          Target.refused(
              frontEnd, new Message(Message.SET_MEM_TABLE, 1, table, add.descriptors()));
        }
      });
    }
  }

  private static void region(
      List<Attack> all, String name, long bytes, long offset, long guest, boolean file) {
    talk(all, name, frontEnd -> {
      try (GuestRam ram = new GuestRam(1 << 20, 0)) {
        Message add = add(ram.regions().getFirst(), bytes, offset, guest);
        Target.refused(frontEnd, file ? add : add.with(List.of()));
      }
    });
  }

  private static Message add(RamRegion region, long bytes, long offset, long guest) {
    ByteBuffer payload = Message.buffer(40).putLong(0).putLong(guest).putLong(bytes);
    payload.putLong(region.userAddress()).putLong(offset).rewind();
    return Message.of(Message.ADD_MEM_REG, payload).with(List.of(region.file()));
  }

  private static void others(List<Attack> all) {
    refused(all, "features that nobody has", Message.of(Message.SET_FEATURES, Message.u64(-1)));
    refused(all, "protocol features that nobody has",
        Message.of(Message.SET_PROTOCOL_FEATURES, Message.u64(-1)));
    refused(all, "inflight memory without a descriptor",
        Message.of(Message.SET_INFLIGHT_FD, Message.buffer(24).putLong(0, 4096)));
    refused(all, "a log without a descriptor",
        Message.of(Message.SET_LOG_BASE, Message.buffer(16).putLong(0, 4096)));
    talk(all, "inflight memory for too many", frontEnd -> {
      ByteBuffer payload = Message.buffer(24).putShort(16, (short) -1).putShort(18, (short) -1);
      Target.refused(frontEnd, Message.of(Message.GET_INFLIGHT_FD, payload));
    });
    talk(all, "inflight memory that is too short", frontEnd -> {
      try (Descriptor file = Descriptor.memory("inflight", 64)) {
        ByteBuffer payload = Message.buffer(24).putLong(0, 1 << 20);
        payload.putShort(16, (short) 2).putShort(18, (short) 64);
        Target.refused(
            frontEnd, Message.of(Message.SET_INFLIGHT_FD, payload).with(List.of(file)));
      }
    });
    talk(all, "configuration behind its end", frontEnd -> {
      for (int offset : new int[] {1 << 20, -1, Integer.MIN_VALUE, 40}) {
        ByteBuffer payload = Message.buffer(12 + 44).putInt(0, offset).putInt(4, 44);
        Message answer = frontEnd.call(Message.of(Message.GET_CONFIG, payload));
        assertThat(answer.payload().getInt(4)).as("what it tells at %d", offset).isZero();
      }
    });
    talk(all, "state that is none", frontEnd -> {
      try (DescriptorPair pipe = DescriptorPair.pipe()) {
        ByteBuffer payload = Message.buffer(8).putInt(0, 1).putInt(4, 0);
        frontEnd.call(Message.of(Message.SET_DEVICE_STATE_FD, payload).with(List.of(pipe.first())));
        garbage(pipe.second());
        pipe.second().close();
        assertThat(frontEnd.ask(Message.CHECK_DEVICE_STATE)).as("garbage").isNotZero();
      }
    });
    talk(all, "state without its transfer", frontEnd ->
        assertThat(frontEnd.ask(Message.CHECK_DEVICE_STATE)).isNotZero());
    all.add(new Attack("many connections that say nothing", target -> {
      for (int i = 0; i < 200; i++) {
        target.silent().close();
      }
      // Only one is served at a time; the next one waits, and more are not let in.
      try (FrontEnd first = target.silent();
          FrontEnd second = target.silent()) {
        second.socket().send(new byte[5], List.of());
        first.socket().send(new byte[5], List.of());
      }
    }));
  }

  private static void garbage(Descriptor into) {
    try (var arena = Arena.ofConfined()) {
      byte[] bytes = new byte[1000];
      new SplittableRandom(2).nextBytes(bytes);
      into.write(
          arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes),
          new ErrnoSlot(arena));
    }
  }
}
