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
  private static final int SLABS = 3;

  @Property(tries = 100)
  void roomIsDisjointAndComesBack(@ForAll long seed) {
    Random random = new Random(seed);
    List<MemorySegment> taken = new ArrayList<>();
    long refused = 0;
    try (StagingMemory memory = new StagingMemory(SLABS * StagingMemory.SLAB_BYTES + 100)) {
      for (int i = 0; i < 500; i++) {
        MemorySegment room =
            random.nextInt(3) > 0 ? memory.take(1 + random.nextInt(2 << 20)) : null;
        if (room != null) {
          assertThat(taken).allMatch(other -> other.asOverlappingSlice(room).isEmpty());
          taken.add(room);
        } else if (!taken.isEmpty()) {
          refused++;
          memory.give(taken.remove(random.nextInt(taken.size())));
        }
      }
      taken.forEach(memory::give);
      assertThat(refused).isPositive();
      assertThat(memory.taken()).isZero();
      for (int i = 0; i < SLABS; i++) {
        assertThat(memory.take(StagingMemory.SLAB_BYTES)).as("whole again").isNotNull();
      }
      assertThat(memory.take(1)).isNull();
      assertThat(memory.taken()).isEqualTo(SLABS * StagingMemory.SLAB_BYTES);
    }
  }
}
