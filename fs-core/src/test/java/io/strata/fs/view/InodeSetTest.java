package io.strata.fs.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class InodeSetTest {
  record Step(boolean add, long ino) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs().between(1, 300),
            Arbitraries.longs().between(1L << 40, (1L << 40) + 5000),
            Arbitraries.longs().between(1, Long.MAX_VALUE));
    return Combinators.combine(Arbitraries.integers().between(0, 3), numbers)
        .as((kind, ino) -> new Step(kind > 0, ino))
        .list()
        .ofMaxSize(2000);
  }

  @Property(tries = 200)
  void behavesAsAnySet(@ForAll("steps") List<Step> steps) throws IOException {
    InodeSet set = new InodeSet();
    Set<Long> model = new HashSet<>();
    for (Step step : steps) {
      if (step.add()) {
        assertThat(set.add(step.ino())).isEqualTo(model.add(step.ino()));
      } else {
        assertThat(set.remove(step.ino())).isEqualTo(model.remove(step.ino()));
      }
      assertThat(set.contains(step.ino())).isEqualTo(step.add());
    }
    Set<Long> all = new HashSet<>();
    set.forEach(all::add);
    assertThat(all).isEqualTo(model);
    assertThat(set.size()).isEqualTo(model.size());
  }

  @Test
  void whatWasAddedIsSeenWhileTheTableGrows() throws InterruptedException {
    InodeSet set = new InodeSet();
    set.add(77);
    AtomicBoolean missed = new AtomicBoolean();
    AtomicBoolean done = new AtomicBoolean();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    if (!set.contains(77) || set.contains(78)) {
                      missed.set(true);
                    }
                  }
                });
    for (long ino = 1; ino < 300_000; ino++) {
      set.add(ino << 6);
    }
    done.set(true);
    reader.join();
    assertThat(missed).isFalse();
  }
}
