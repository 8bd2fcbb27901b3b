package io.strata.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class PastNumberTest {
  @Property
  void whatIsEncodedIsDecodedAndNeverOfTheVolume(
      @ForAll @LongRange(min = 1) long head,
      @ForAll @IntRange(min = 1, max = PastNumber.EPOCH_END - 1) int epoch,
      @ForAll @IntRange(min = 0, max = 39) int bits,
      @ForAll @LongRange(min = 1, max = Ino.COUNTER_MAX) long counter) {
    Ino ino = Ino.of(new Epoch(epoch), Math.max(1, counter >>> bits));
    assertThat(PastNumber.isPast(ino)).isFalse();
    PastNumber past = new PastNumber(PastNumber.slot(head), ino);
    past.encode()
        .ifPresent(
            number -> {
              assertThat(PastNumber.isPast(number)).isTrue();
              assertThat(PastNumber.isRoot(number)).isFalse();
              assertThat(PastNumber.decode(number)).contains(past);
            });
  }

  @Property
  void whateverIsDecodedIsTheSameAgain(@ForAll @LongRange(min = 1) long value) {
    Ino number = new Ino(value | PastNumber.DIRECTORY.value());
    PastNumber.decode(number).ifPresent(past -> assertThat(past.encode()).contains(number));
  }

  @Example
  void rootsAreTold() {
    Ino root = new PastNumber(7, Ino.ROOT).encode().orElseThrow();
    assertThat(PastNumber.isRoot(root)).isTrue();
    assertThat(PastNumber.isRoot(Ino.ROOT)).isFalse();
    assertThat(PastNumber.isRoot(PastNumber.DIRECTORY)).isFalse();
    assertThat(PastNumber.decode(PastNumber.DIRECTORY)).isEmpty();
  }

  @Example
  void whatDoesNotFitHasNoNumber() {
    Map<Integer, Long> most = new HashMap<>();
    for (int epoch : new int[] {1, 7, 8, 511, 4095, 16383, PastNumber.EPOCH_END - 1}) {
      long fits = 0;
      for (int bit = 0; bit < 40; bit++) {
        Ino ino = Ino.of(new Epoch(epoch), 1L << bit);
        fits = new PastNumber(1, ino).encode().isPresent() ? 1L << (bit + 1) : fits;
      }
      most.put(epoch, fits);
    }
    // What docs/decisions/014 promises.
    assertThat(most)
        .containsEntry(1, 1L << 36)
        .containsEntry(7, 1L << 36)
        .containsEntry(8, 1L << 33)
        .containsEntry(511, 1L << 30)
        .containsEntry(4095, 1L << 27)
        .containsEntry(16383, 1L << 25)
        .containsEntry(PastNumber.EPOCH_END - 1, 1L << 17);
  }
}
