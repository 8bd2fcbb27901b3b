package io.strata.fs.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

final class OpenCountsTest {
  @Property
  void whatIsOpenIsNeverDenied(
      @ForAll @Size(max = 200) List<@LongRange(min = 1, max = 1 << 20) Long> inos) {
    OpenCounts counts = OpenCounts.onHeap();
    List<Ino> open = new ArrayList<>();
    for (long number : inos) {
      Ino ino = new Ino(number);
      counts.add(ino, 1);
      open.add(ino);
      assertThat(open).allSatisfy(one -> assertThat(counts.get(one)).isPositive());
    }
    for (Ino ino : List.copyOf(open)) {
      counts.add(ino, -1);
      open.remove(ino);
      assertThat(open).allSatisfy(one -> assertThat(counts.get(one)).isPositive());
    }
    assertThat(counts.total()).isZero();
  }

  @Example
  void anInodeThatSharesItsCounterWithNoneIsKnownForCertain() {
    OpenCounts counts = OpenCounts.onHeap();
    Ino file = Ino.of(new Epoch(3), 77);
    counts.add(file, 1);
    counts.add(file, 1);
    assertThat(counts.isOnly(file)).isTrue();
    Ino other = sharing(file);
    assertThat(counts.get(other)).isEqualTo(2);
    assertThat(counts.isOnly(other)).as("only counted with it").isFalse();
    counts.add(other, 1);
    assertThat(counts.isOnly(file)).isFalse();
    assertThat(counts.isOnly(other)).isFalse();
    counts.add(other, -1);
    assertThat(counts.copy().isOnly(file)).isTrue();
  }

  private static Ino sharing(Ino file) {
    int bucket = Buckets.of(file.value(), OpenCounts.BUCKETS);
    for (long number = file.value() + 1; ; number++) {
      if (Buckets.of(number, OpenCounts.BUCKETS) == bucket) {
        return new Ino(number);
      }
    }
  }
}
