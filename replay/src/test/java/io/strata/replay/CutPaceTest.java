package io.strata.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CutPaceTest {
  private static final long MILLISECOND = 1_000_000;

  private final CutPace pace = new CutPace();

  @Test
  void nobodyWaitsBeforeAnAnswerHasCome() {
    pace.cut(0);
    assertThat(pace.waitNanos(0)).isZero();
  }

  @Test
  void fourEntriesAreSpreadOverARoundTrip() {
    pace.answered(40 * MILLISECOND);
    pace.cut(100 * MILLISECOND);
    assertThat(pace.waitNanos(100 * MILLISECOND)).isEqualTo(10 * MILLISECOND);
    assertThat(pace.waitNanos(107 * MILLISECOND)).isEqualTo(3 * MILLISECOND);
    assertThat(pace.waitNanos(110 * MILLISECOND)).isZero();
    assertThat(pace.waitNanos(500 * MILLISECOND)).isZero();
  }

  @Test
  void aFastStoreIsNotWaitedFor() {
    pace.answered(3 * MILLISECOND);
    pace.cut(0);
    assertThat(pace.waitNanos(0)).isZero();
  }

  @Test
  void anOutageDoesNotMakeItSlow() {
    pace.answered(Duration.ofHours(1).toNanos());
    pace.cut(0);
    assertThat(pace.waitNanos(0)).isEqualTo(25 * MILLISECOND);
    for (int i = 0; i < 200; i++) {
      pace.answered(40 * MILLISECOND);
    }
    assertThat(pace.waitNanos(0)).isBetween(10 * MILLISECOND, 11 * MILLISECOND);
  }
}
