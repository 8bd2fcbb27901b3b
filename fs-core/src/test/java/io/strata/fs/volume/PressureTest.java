package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PressureTest {
  private static final long SEGMENT = 16L << 20;
  private static final long LIVE = 100 * SEGMENT;

  private static Pressure garbage(long segments) {
    return new Pressure(segments * SEGMENT, LIVE, SEGMENT);
  }

  @Test
  void aQuarterPressesAndTwoFifthsAreTooMuch() {
    assertThat(garbage(25).isPressing()).isFalse();
    assertThat(garbage(25).with(1).isPressing()).isTrue();
    assertThat(garbage(40).isOverwhelming()).isFalse();
    assertThat(garbage(40).with(1).isOverwhelming()).isTrue();
  }

  @Test
  void aFewSegmentsAreNoReason() {
    Pressure four = new Pressure(4 * SEGMENT, 1, SEGMENT);
    assertThat(four.isPressing()).isFalse();
    assertThat(four.isOverwhelming()).isFalse();
    assertThat(four.with(1).isPressing()).isTrue();
    assertThat(four.with(1).isOverwhelming()).isTrue();
  }

  @Test
  void manySegmentsAreOneHoweverMuchIsLive() {
    assertThat(new Pressure(128 * SEGMENT + 1, 1L << 50, SEGMENT).isPressing()).isTrue();
    assertThat(new Pressure(128 * SEGMENT + 1, 1L << 50, SEGMENT).isOverwhelming()).isFalse();
  }

  @Test
  void othersGetLessTheMoreThereIs() {
    assertThat(garbage(0).forOthers(1000)).isEqualTo(1000);
    assertThat(garbage(40).forOthers(1000)).isEqualTo(1000);
    assertThat(garbage(50).forOthers(1000)).isEqualTo(500);
    assertThat(garbage(60).forOthers(1000)).isZero();
    assertThat(garbage(400).forOthers(1000)).isZero();
  }
}
