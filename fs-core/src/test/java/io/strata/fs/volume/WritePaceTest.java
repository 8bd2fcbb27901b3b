package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WritePaceTest {
  /** What takes a second at the least pace. */
  private static final long SECOND = WritePace.BYTES_PER_SECOND_MIN;

  private final ManualClock clock =
      ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final WritePace pace = new WritePace(clock);

  @BeforeEach
  void slow() throws InterruptedException {
    pace.await(3600 * SECOND);
    pace.slow(true);
    assertThat(pace.isSlowed()).isTrue();
  }

  /** A write in a thread of its own. */
  private final class Write {
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Thread thread;

    Write(long bytes) throws InterruptedException {
      CountDownLatch begun = new CountDownLatch(1);
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    begun.countDown();
                    try {
                      pace.await(bytes);
                    } catch (InterruptedException e) {
                      return;
                    }
                    gone.countDown();
                  });
      begun.await();
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TERMINATED) {
        Thread.onSpinWait();
      }
    }

    boolean waits() {
      return gone.getCount() > 0;
    }

    void goes() throws InterruptedException {
      assertThat(gone.await(50, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void nobodyWaitsForEver() throws Exception {
    clock.advance(Duration.ofMillis(1));
    pace.await(SECOND / 10);
    Write write = new Write(1);
    clock.advance(Duration.ofMillis(98));
    assertThat(write.waits()).isTrue();
    clock.advance(Duration.ofMillis(3));
    write.goes();
  }

  @Test
  void allWaitTogetherInTheOrderInWhichTheyCame() throws Exception {
    clock.advance(Duration.ofMillis(1));
    pace.await(SECOND / 10);
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      writes.add(new Write(SECOND / 10));
    }
    for (int i = 0; i < writes.size(); i++) {
      assertThat(writes.subList(i, writes.size())).allMatch(Write::waits);
      clock.advance(Duration.ofMillis(102));
      writes.get(i).goes();
    }
  }

  @Test
  void whatIsGivenIsWrittenAtOnce() throws Exception {
    clock.advance(Duration.ofMillis(1));
    pace.await(3600 * SECOND);
    Write next = new Write(1);
    Write last = new Write(3600 * SECOND);
    assertThat(next.waits()).isTrue();
    pace.give(3601 * SECOND);
    next.goes();
    last.goes();
  }

  /** Or all that was given at night would be written in the morning. */
  @Test
  void whatIsNotUsedIsNotKept() throws Exception {
    pace.give(3600 * SECOND);
    pace.await(WritePace.KEPT_BYTES_MAX + SECOND / 10);
    assertThat(new Write(1).waits()).isTrue();
  }

  @Test
  void whoWaitsGoesOnWhenItIsOver() throws Exception {
    clock.advance(Duration.ofMillis(1));
    pace.await(3600 * SECOND);
    Write write = new Write(1);
    assertThat(write.waits()).isTrue();
    assertThat(pace.slowedSoFar()).isEqualTo(Duration.ofMillis(1));
    clock.advance(Duration.ofMillis(9));
    pace.slow(false);
    write.goes();
    clock.advance(Duration.ofMillis(1));
    assertThat(pace.slowedSoFar()).isEqualTo(Duration.ofMillis(10));
    assertThat(pace.isSlowed()).isFalse();
    pace.await(3600 * SECOND);
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void whatWasTakenBeforeIsForgotten() throws Exception {
    clock.advance(Duration.ofMillis(1));
    pace.await(3600 * SECOND);
    pace.slow(false);
    pace.slow(true);
    clock.advance(Duration.ofMillis(1));
    pace.await(1);
  }

  @Test
  void whoIsInterruptedDoesNotHoldUpOthers() throws Exception {
    clock.advance(Duration.ofMillis(1));
    pace.await(SECOND / 10);
    Write write = new Write(1);
    Write next = new Write(1);
    write.thread.interrupt();
    write.thread.join();
    assertThat(write.waits()).isTrue();
    clock.advance(Duration.ofMillis(110));
    next.goes();
  }
}
