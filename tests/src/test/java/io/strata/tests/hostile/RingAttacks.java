package io.strata.tests.hostile;

import io.strata.tests.vmm.Features;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.GuestQueue;
import io.strata.tests.vmm.PackedRing;
import io.strata.tests.vmm.Piece;
import io.strata.tests.vmm.SplitRing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that break the rules of virtio 1.2, 2.7 and 2.8. */
final class RingAttacks {
  private static final GuestOptions DIRECT = Target.OPTIONS.withFeatures(0);
  private static final GuestOptions INDIRECT = Target.OPTIONS.withFeatures(Features.INDIRECT);
  private static final GuestOptions PACKED = Target.OPTIONS.withFeatures(Features.PACKED);
  private static final GuestOptions PACKED_INDIRECT =
      Target.OPTIONS.withFeatures(Features.PACKED | Features.INDIRECT);
  private static final long NOWHERE = 0xdead_0000_0000L;

  private RingAttacks() {}

  /** Breaks a split ring, whose table it is given, with some memory of the guest to point to. */
  @FunctionalInterface
  private interface Split {
    void breakRing(SplitRing ring, MemorySegment table, long memory);
  }

  /** Breaks a packed ring. */
  @FunctionalInterface
  private interface Packed {
    void breakRing(PackedRing ring, long memory);
  }

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    split(all, "a chain that is a loop", DIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, memory, 64, SplitRing.NEXT, 1);
      SplitRing.descriptor(table, 1, memory, 64, SplitRing.NEXT, 0);
      ring.expose(0);
    });
    split(all, "a descriptor that follows itself", DIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, memory, 64, SplitRing.NEXT, 0);
      ring.expose(0);
    });
    split(all, "a next beyond the ring", DIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, memory, 64, SplitRing.NEXT, 64);
      ring.expose(0);
    });
    split(all, "a head beyond the ring", DIRECT, (ring, table, memory) -> ring.expose(65535));
    split(all, "an available index far ahead", DIRECT, (ring, table, memory) -> ring.index(30_000));
    split(all, "an available index that goes back", DIRECT, (ring, table, memory) ->
        ring.index(-2));
    split(all, "a head twice", DIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, memory, 64, 0, 0);
      ring.expose(0);
      ring.expose(0);
    });
    split(all, "an indirect table that was not agreed on", DIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, memory, 64, SplitRing.INDIRECT, 0);
      ring.expose(0);
    });
    split(all, "an indirect table outside memory", INDIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, NOWHERE, 64, SplitRing.INDIRECT, 0);
      ring.expose(0);
    });
    for (int length : new int[] {0, 8, 17, -16}) {
      split(all, "an indirect table of " + length, INDIRECT, (ring, table, memory) -> {
        SplitRing.descriptor(table, 0, memory, length, SplitRing.INDIRECT, 0);
        ring.expose(0);
      });
    }
    split(all, "an indirect table that goes on", INDIRECT, (ring, table, memory) -> {
      SplitRing.descriptor(table, 0, memory, 64, SplitRing.INDIRECT | SplitRing.NEXT, 1);
      SplitRing.descriptor(table, 1, memory, 64, 0, 0);
      ring.expose(0);
    });
    for (int flags : new int[] {SplitRing.NEXT, SplitRing.INDIRECT, SplitRing.NEXT << 15 | 5}) {
      insideTable(all, "an indirect table with flags " + flags, flags);
    }
    buffers(all);
    packed(all, "packed: a chain without an end", PACKED, (ring, memory) -> {
      for (int i = 0; i < 64; i++) {
        ring.expose(memory, 64, 0, SplitRing.NEXT);
      }
    });
    packed(all, "packed: an id twice", PACKED, (ring, memory) -> {
      ring.expose(memory, 64, 1, 0);
      ring.expose(memory, 64, 1, 0);
    });
    packed(all, "packed: an id beyond the ring", PACKED, (ring, memory) ->
        ring.expose(memory, 64, 65535, 0));
    packed(all, "packed: a table outside memory", PACKED_INDIRECT, (ring, memory) ->
        ring.expose(NOWHERE, 64, 0, SplitRing.INDIRECT));
    packed(all, "packed: a table of 24 bytes", PACKED_INDIRECT, (ring, memory) ->
        ring.expose(memory, 24, 0, SplitRing.INDIRECT));
    return all;
  }

  /** An indirect table of two entries, the first of which has these flags and follows itself. */
  private static void insideTable(List<Attack> all, String name, int flags) {
    all.add(
        new Attack(
            name,
            target -> {
              try (Guest guest = target.mounted(INDIRECT)) {
                long memory = guest.ram().reserve(4096, 4096);
                MemorySegment inner = guest.ram().at(memory, 4096);
                SplitRing.descriptor(inner, 0, memory + 1024, 64, flags, 0);
                SplitRing.descriptor(inner, 1, memory + 1024, 64, 0, 0);
                SplitRing ring = (SplitRing) guest.queues().get(1).ring();
                SplitRing.descriptor(ring.table(), 0, memory, 32, SplitRing.INDIRECT, 0);
                ring.expose(0);
                settle(target, guest);
              }
            }));
  }

  /** Buffers that no request may have, on each kind of ring. */
  private static void buffers(List<Attack> all) {
    for (GuestOptions options : List.of(DIRECT, INDIRECT, PACKED, PACKED_INDIRECT)) {
      String kind = " (features %x)".formatted(options.features());
      chain(all, "an address outside memory" + kind, options, memory ->
          List.of(new Piece(NOWHERE, 64, false)));
      chain(all, "an address near the end of all" + kind, options, memory ->
          List.of(new Piece(-8, 64, false)));
      chain(all, "a buffer that leaves its region" + kind, options, memory ->
          List.of(new Piece(memory, Integer.MAX_VALUE, false)));
      chain(all, "a buffer of 4 GiB less one" + kind, options, memory ->
          List.of(new Piece(memory, 64, false), new Piece(memory, -1, true)));
      chain(all, "a buffer of no bytes" + kind, options, memory ->
          List.of(new Piece(memory, 0, false), new Piece(memory, 64, true)));
      chain(all, "a readable buffer behind a writable one" + kind, options, memory ->
          List.of(new Piece(memory, 64, true), new Piece(memory, 64, false)));
    }
  }

  @FunctionalInterface
  private interface Chain {
    List<Piece> at(long memory);
  }

  private static void chain(List<Attack> all, String name, GuestOptions options, Chain chain) {
    all.add(
        new Attack(
            name,
            target -> {
              try (Guest guest = target.mounted(options)) {
                GuestQueue queue = guest.queues().get(1);
                var _ = queue.offer(chain.at(guest.ram().reserve(4096, 4096)));
                settle(target, guest);
              }
            }));
  }

  private static void split(List<Attack> all, String name, GuestOptions options, Split split) {
    all.add(
        new Attack(
            name,
            target -> {
              try (Guest guest = target.mounted(options)) {
                SplitRing ring = (SplitRing) guest.queues().get(1).ring();
                long memory = guest.ram().reserve(4096, 4096);
                guest.ram().at(memory, 4096).set(ValueLayout.JAVA_INT, 0, 40);
                split.breakRing(ring, ring.table(), memory);
                settle(target, guest);
              }
            }));
  }

  private static void packed(List<Attack> all, String name, GuestOptions options, Packed packed) {
    all.add(
        new Attack(
            name,
            target -> {
              try (Guest guest = target.mounted(options)) {
                PackedRing ring = (PackedRing) guest.queues().get(1).ring();
                packed.breakRing(ring, guest.ram().reserve(4096, 4096));
                settle(target, guest);
              }
            }));
  }

  /** Kicks, and waits until the daemon has seen what is wrong. */
  private static void settle(Target target, Guest guest) throws Exception {
    guest.queues().get(1).kick().signal();
    target.awaitComplaint();
  }
}
