package io.strata.fsck.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.Extent;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class InlineBytesTest {
  private static final LogPosition PLACE = LogPosition.start(new Epoch(1));
  private static final Nonce NONCE = Nonce.of(new Epoch(1), 1);
  private static final Nonce OTHER = Nonce.of(new Epoch(1), 2);

  @Property(tries = 500)
  void holdsWhatWasAdded(
      @ForAll @Size(max = 12) List<@Size(2) List<@IntRange(max = 40) Integer>> runs) {
    InlineBytes inline = new InlineBytes();
    BitSet model = new BitSet();
    for (List<Integer> run : runs) {
      inline.add(PLACE, NONCE, run.getFirst(), run.getLast());
      if (run.getFirst() < run.getLast()) {
        model.set(run.getFirst(), run.getLast());
      }
    }
    for (int from = 0; from < 40; from++) {
      for (int end = from + 1; end <= 41; end++) {
        assertThat(inline.holds(NONCE, from, end)).isEqualTo(model.nextClearBit(from) >= end);
      }
    }
    assertThat(inline.anyOf(NONCE)).isEqualTo(!model.isEmpty());
    assertThat(inline.anyOf(OTHER)).isFalse();
  }

  @Example
  void lostBytesOfAnExtentAreThoseOfItsSegmentThatTheLogDoesNotHold() {
    InlineBytes inline = new InlineBytes();
    LostBytes lost = new LostBytes(inline);
    assertThat(lost.none()).isTrue();
    lost.add(NONCE, 100, 200);
    lost.add(NONCE, 300, 400);
    assertThat(lost.of(new Extent(1000, 100, NONCE, 0))).isEqualTo(LostBytes.Part.NONE);
    assertThat(lost.of(new Extent(1000, 50, NONCE, 150)))
        .isEqualTo(new LostBytes.Part(1000, 1050, 50));
    assertThat(lost.of(new Extent(1000, 500, NONCE, 50)))
        .isEqualTo(new LostBytes.Part(1050, 1350, 200));
    inline.add(PLACE, NONCE, 50, 550);
    assertThat(lost.of(new Extent(1000, 500, NONCE, 50))).isEqualTo(LostBytes.Part.NONE);
  }
}
