package io.strata.fsck.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.Clock;
import io.strata.platform.ManualClock;
import io.strata.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  /** A clock that is told to sleep and jumps to the end of it. */
  private static final class JumpingClock implements Clock {
    private final ManualClock time = ManualClock.startingAt(Instant.EPOCH);

    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public void sleep(Duration length) {
      time.advance(length);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      throw new UnsupportedOperationException("nobody schedules here");
    }
  }

  @Test
  void aThousandBytesASecond() throws StoreException {
    JumpingClock clock = new JumpingClock();
    Throttle throttle = new Throttle(clock, 1000);
    long start = clock.nanoTime();
    for (int i = 0; i < 10; i++) {
      throttle.take(500);
    }
    throttle.take(1);
    assertThat(clock.nanoTime() - start).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void timeInWhichNothingWasReadIsNotMadeUpFor() throws StoreException {
    JumpingClock clock = new JumpingClock();
    Throttle throttle = new Throttle(clock, 1000);
    clock.sleep(Duration.ofSeconds(100));
    long start = clock.nanoTime();
    throttle.take(1000);
    throttle.take(1000);
    assertThat(clock.nanoTime() - start).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void noLimit() throws StoreException {
    JumpingClock clock = new JumpingClock();
    long start = clock.nanoTime();
    new Throttle(clock, 0).take(Long.MAX_VALUE);
    assertThat(clock.nanoTime()).isEqualTo(start);
  }
}
