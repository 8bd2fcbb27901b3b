package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WritePaceTest {
  private final WritePace pace = new WritePace();

  private Duration waited() throws InterruptedException {
    long began = System.nanoTime();
    pace.await();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void nobodyWaitsForEver() throws Exception {
    pace.slow(true);
    assertThat(pace.isSlowed()).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(waited()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }
  }

  @Test
  void whoWaitsGoesOnWhenItIsOver() throws Exception {
    Duration least = Duration.ofMillis(100);
    // On a busy machine one may be late, and not each of a hundred.
    for (int i = 0; i < 100 && least.toMillis() >= 100; i++) {
      pace.slow(true);
      Thread.ofVirtual().start(() -> pace.slow(false));
      least = waited();
    }
    assertThat(least).isLessThan(Duration.ofMillis(100));
    assertThat(waited()).isLessThan(Duration.ofMinutes(1));
    assertThat(pace.isSlowed()).isFalse();
  }
}
