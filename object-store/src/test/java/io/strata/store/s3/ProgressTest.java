package io.strata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final int PIECE_BYTES = 128 << 10;

  private final ManualClock clock = ManualClock.startingAt(Instant.EPOCH);
  private final Progress progress = new Progress(clock, SILENCE);

  @Test
  void whatNeverMovesIsLostWhenItsTimeIsOver() {
    clock.advance(SILENCE.minusNanos(1));
    assertThat(progress.leftNanos()).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    assertThat(progress.leftNanos()).isZero();
  }

  @Test
  void anAnswerMayTakeAsLongAsItLikesIfItMoves() {
    for (int i = 0; i < 100; i++) {
      clock.advance(SILENCE.minusSeconds(1));
      assertThat(progress.leftNanos()).isPositive();
      progress.came();
    }
    assertThat(progress.limit()).isEqualTo(SILENCE);
  }

  @Test
  void bytesHandedOverHaveTheirTimeToArrive() {
    for (int i = 0; i < 8; i++) {
      progress.handed(PIECE_BYTES);
    }
    clock.advance(SILENCE.plusSeconds(7));
    assertThat(progress.leftNanos()).isPositive();
    clock.advance(Duration.ofSeconds(1));
    assertThat(progress.leftNanos()).isZero();
  }

  @Test
  void aLongBodyHasNoMoreThanWhatAKernelKeepsOfIt() {
    for (int i = 0; i < 32 << 20; i += PIECE_BYTES) {
      progress.handed(PIECE_BYTES);
    }
    assertThat(progress.limit())
        .isEqualTo(Progress.limitMax(SILENCE))
        .isEqualTo(SILENCE.plusSeconds(32));
  }
}
