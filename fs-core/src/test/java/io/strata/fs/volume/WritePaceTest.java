package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WritePaceTest {
  /** What takes a second at the least pace. */
  private static final long SECOND = WritePace.BYTES_PER_SECOND_MIN;

  private final WritePace pace = new WritePace();

  private Duration waited(long bytes) throws InterruptedException {
    long began = System.nanoTime();
    pace.await(bytes);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void nobodyWaitsForEver() throws Exception {
    pace.slow(true);
    assertThat(pace.isSlowed()).isTrue();
    assertThat(waited(SECOND / 10)).isGreaterThanOrEqualTo(Duration.ofMillis(99));
    assertThat(waited(SECOND / 1000)).isGreaterThanOrEqualTo(Duration.ofMillis(1).minusNanos(1000));
  }

  @Test
  void whoWaitsGoesOnWhenItIsOver() throws Exception {
    pace.slow(true);
    Thread.ofVirtual().start(() -> pace.slow(false));
    assertThat(waited(3600 * SECOND)).isLessThan(Duration.ofMinutes(2));
    assertThat(pace.isSlowed()).isFalse();
    assertThat(waited(3600 * SECOND)).isLessThan(Duration.ofMinutes(2));
  }
}
