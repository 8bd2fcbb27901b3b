package io.strata.vhost.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.vhost.memory.DirtyLog;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a queue changes in guest memory, the dirty log says so, and little else. */
class DirtyPagesTest {
  private static final int PAGE = 4096;
  private static final int PAGES = (int) (GuestFake.BYTES / PAGE);

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void everyChangedPageIsMarked(boolean packed, boolean eventIndex) throws Exception {
    Random random = new Random(7);
    int changes = 0;
    int marks = 0;
    try (GuestFake guest = new GuestFake();
        Descriptor file = Descriptor.memory("log", PAGES / 8);
        Mapping marked = Mapping.shared(file, 0, PAGES / 8);
        DirtyLog log = new DirtyLog()) {
      int base = packed ? 0x80008000 : 0;
      DriverFake driver = DriverFake.of(guest, packed, 16, eventIndex, base);
      VirtQueue queue =
          VirtQueue.start(
              0,
              guest.settings(16, packed, true, eventIndex, base),
              guest.memory,
              log,
              null,
              e -> {
                throw new AssertionError(e);
              });
      log.begin(file, 0, PAGES / 8);
      for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 3; i++) {
          driver.send(random, 1, 1 + random.nextInt(3), random.nextBoolean());
        }
        byte[] before = guest.bytes().toArray(ValueLayout.JAVA_BYTE);
        marked.memory().fill((byte) 0);
        serve(queue, random);
        BitSet changed = changedPages(MemorySegment.ofArray(before), guest.bytes());
        BitSet told = BitSet.valueOf(marked.memory().toArray(ValueLayout.JAVA_BYTE));
        changes += changed.cardinality();
        marks += told.cardinality();
        changed.andNot(told);
        assertThat(changed.stream().boxed()).as("pages that nobody was told of").isEmpty();
        driver.receive();
      }
      queue.stop();
    }
    assertThat(changes).isPositive();
    assertThat(marks).as("pages that only might have changed").isLessThan(2 * changes);
  }

  private static void serve(VirtQueue queue, Random random) {
    queue.hush();
    List<DescriptorChain> chains = new ArrayList<>();
    for (DescriptorChain chain = queue.take(); chain != null; chain = queue.take()) {
      chains.add(chain);
    }
    for (DescriptorChain chain : chains) {
      byte[] reply = new byte[(int) chain.writable().byteSize()];
      random.nextBytes(reply);
      chain.writable().copyFrom(MemorySegment.ofArray(reply), 0);
      chain.complete(reply.length);
    }
    queue.listen();
  }

  private static BitSet changedPages(MemorySegment before, MemorySegment now) {
    BitSet changed = new BitSet();
    for (int page = 0; page < PAGES; page++) {
      long at = (long) page * PAGE;
      changed.set(page, before.asSlice(at, PAGE).mismatch(now.asSlice(at, PAGE)) >= 0);
    }
    return changed;
  }
}
