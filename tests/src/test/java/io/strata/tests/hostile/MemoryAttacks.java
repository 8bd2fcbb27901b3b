package io.strata.tests.hostile;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.tests.vmm.Features;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.GuestQueue;
import io.strata.tests.vmm.Message;
import io.strata.tests.vmm.RamRegion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Memory that goes away, and descriptors for events that are no such thing. */
final class MemoryAttacks {
  private MemoryAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (GuestOptions options :
        List.of(
            Target.OPTIONS,
            Target.OPTIONS.withFeatures(Features.PACKED),
            Target.OPTIONS.withFeatures(Features.INDIRECT))) {
      String kind = " (features %x)".formatted(options.features());
      all.add(new Attack("memory cut off" + kind, target -> cutOff(target, options)));
      all.add(new Attack("memory taken away" + kind, target -> takenAway(target, options)));
    }
    all.add(new Attack("a million kicks", MemoryAttacks::kickStorm));
    all.add(new Attack("calls that nobody reads", MemoryAttacks::unreadCalls));
    all.add(new Attack("a call that is full and blocks", MemoryAttacks::fullCall));
    all.add(new Attack("events that are none", MemoryAttacks::wrongEvents));
    return all;
  }

  /** Keeps the queue busy and waits for no answer. */
  private static void load(Guest guest) throws InterruptedException {
    GuestFiles files = new GuestFiles(guest);
    GuestFiles.File file = files.open(files.lookup(GuestFiles.ROOT, "kept").node());
    for (int i = 0; i < 8; i++) {
      var _ = guest.send(GuestFiles.readRequest(file, 0, 4096));
    }
  }

  private static void cutOff(Target target, GuestOptions options) throws Exception {
    try (Guest guest = target.mounted(options)) {
      RamRegion region = guest.ram().regions().getFirst();
      load(guest);
      region.file().truncate(0);
      guest.queues().get(1).kick().signal();
      target.awaitComplaint();
    }
  }

  private static void takenAway(Target target, GuestOptions options) throws Exception {
    try (Guest guest = target.mounted(options)) {
      RamRegion region = guest.ram().regions().getFirst();
      load(guest);
      Target.takeAway(guest.frontEnd(), region);
      guest.queues().get(1).kick().signal();
      target.awaitComplaint();
    }
  }

  private static void kickStorm(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS)) {
      for (int i = 0; i < 1_000_000; i++) {
        guest.queues().get(i & 1).kick().signal();
      }
      new GuestFiles(guest).attributes(GuestFiles.ROOT);
    }
  }

  private static void unreadCalls(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS.withoutReaping())) {
      // Whoever waits for room looks at the ring; nobody ever reads the event.
      for (int i = 0; i < 5_000; i++) {
        var _ = guest.send(GuestFiles.getAttributes(GuestFiles.ROOT));
      }
    }
  }

  private static void fullCall(Target target) throws Exception {
    try (Guest guest = target.mounted(Target.OPTIONS);
        EventDescriptor full = EventDescriptor.create();
        Arena arena = Arena.ofConfined()) {
      MemorySegment most = arena.allocateFrom(ValueLayout.JAVA_LONG, -2);
      full.descriptor().write(most, new ErrnoSlot(arena));
      setCall(guest, full.descriptor());
      for (int i = 0; i < 100; i++) {
        var _ = guest.send(GuestFiles.getAttributes(GuestFiles.ROOT));
        reapByHand(guest.queues().get(1));
      }
    }
  }

  private static void reapByHand(GuestQueue queue) throws InterruptedException {
    while (queue.outstanding() > 4) {
      queue.reap();
      Thread.onSpinWait();
    }
  }

  private static void wrongEvents(Target target) throws Exception {
    for (String path : List.of("/dev/null", "/dev/zero", "/dev/full")) {
      try (Guest guest = target.mounted(Target.OPTIONS);
          Descriptor wrong = Descriptor.open(path)) {
        setCall(guest, wrong);
        var _ = guest.send(GuestFiles.getAttributes(GuestFiles.ROOT));
        Message kick = Message.of(Message.SET_VRING_KICK, Message.u64(1)).with(List.of(wrong));
        guest.frontEnd().tell(kick);
        guest.frontEnd().settle();
      }
    }
  }

  private static void setCall(Guest guest, Descriptor call) throws Exception {
    guest
        .frontEnd()
        .tell(Message.of(Message.SET_VRING_CALL, Message.u64(1)).with(List.of(call)));
  }
}
