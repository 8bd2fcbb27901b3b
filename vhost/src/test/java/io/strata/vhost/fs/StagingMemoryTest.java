package io.strata.vhost.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Room is taken, never twice at once, and comes back whole. */
class StagingMemoryTest {
  private static final long PAGES = 64;

  @Property(tries = 100)
  void roomIsDisjointAndComesBack(@ForAll long seed) {
    Random random = new Random(seed);
    List<MemorySegment> taken = new ArrayList<>();
    try (StagingMemory memory = new StagingMemory(PAGES * 4096 - 100)) {
      for (int i = 0; i < 500; i++) {
        MemorySegment room = random.nextBoolean() ? memory.take(1 + random.nextInt(60_000)) : null;
        if (room != null) {
          assertThat(taken).allMatch(other -> other.asOverlappingSlice(room).isEmpty());
          taken.add(room);
        } else if (!taken.isEmpty()) {
          memory.give(taken.remove(random.nextInt(taken.size())));
        }
      }
      taken.forEach(memory::give);
      assertThat(memory.taken()).isZero();
      MemorySegment all = memory.take(PAGES * 4096);
      assertThat(all).as("one run again").isNotNull();
      assertThat(memory.take(1)).isNull();
      assertThat(memory.taken()).isEqualTo(PAGES * 4096);
    }
  }
}
