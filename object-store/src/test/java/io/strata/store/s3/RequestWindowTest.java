package io.strata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RequestWindowTest {
  private final ManualClock clock = ManualClock.startingAt(Instant.EPOCH);
  private final RequestWindow window = new RequestWindow(16, clock);

  private void throttle() {
    window.throttled(clock.nanoTime(), null);
    clock.advance(Duration.ofMillis(1));
  }

  @Test
  void halvesDownToOne() {
    for (int expected : new int[] {8, 4, 2, 1, 1}) {
      throttle();
      assertThat(window.size()).isEqualTo(expected);
    }
  }

  @Test
  void answersToRequestsThatWereUnderWayTogetherCountOnce() {
    long sentNanos = clock.nanoTime();
    clock.advance(Duration.ofMillis(1));

    for (int i = 0; i < 10; i++) {
      window.throttled(sentNanos, null);
    }

    assertThat(window.size()).isEqualTo(8);
  }

  @Test
  void growsByOneForEachRoundThatIsServed() {
    throttle();
    throttle();
    served(4);
    assertThat(window.size()).isEqualTo(5);
    served(4);
    assertThat(window.size()).isEqualTo(5);
    served(1);
    assertThat(window.size()).isEqualTo(6);
    served(1000);
    assertThat(window.size()).as("never more than there are connections").isEqualTo(16);
  }

  @Test
  void noMoreThanItsSizeAreLetIn() throws InterruptedException {
    for (int i = 0; i < 16; i++) {
      window.enter();
    }
    throttle();
    AtomicInteger entered = new AtomicInteger();
    Thread waiting = enterInBackground(entered);
    for (int left = 1; left <= 8; left++) {
      window.leave();
      assertThat(entered).as("%d of 16 have left a window of 8", left).hasValue(0);
    }

    window.leave();

    waiting.join();
    assertThat(entered).hasValue(1);
  }

  @Test
  void aServerIsLeftAloneAsLongAsItAsksForButNotForHours() throws InterruptedException {
    window.throttled(clock.nanoTime(), Duration.ofHours(5));
    window.throttled(clock.nanoTime(), Duration.ofSeconds(2));
    AtomicInteger entered = new AtomicInteger();
    Thread waiting = enterInBackground(entered);
    clock.awaitSleepers(1);

    clock.advance(Duration.ofSeconds(59));
    assertThat(entered).hasValue(0);
    clock.advance(Duration.ofSeconds(1));

    waiting.join();
    assertThat(entered).hasValue(1);
  }

  @Test
  void whoIsInterruptedWhileTheServerRestsLeavesNothingBehind() throws InterruptedException {
    window.throttled(clock.nanoTime(), Duration.ofSeconds(30));
    AtomicInteger entered = new AtomicInteger();
    Thread waiting = enterInBackground(entered);
    clock.awaitSleepers(1);
    waiting.interrupt();
    waiting.join();
    clock.advance(Duration.ofSeconds(30));

    for (int i = 0; i < 8; i++) {
      window.enter();
    }
    assertThat(entered).hasValue(0);
  }

  private Thread enterInBackground(AtomicInteger entered) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                window.enter();
                entered.incrementAndGet();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void served(int count) {
    for (int i = 0; i < count; i++) {
      window.served();
    }
  }
}
