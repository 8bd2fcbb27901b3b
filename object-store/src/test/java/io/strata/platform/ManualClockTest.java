package io.strata.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManualClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualClock clock = ManualClock.startingAt(START);
  private final List<String> events = new ArrayList<>();

  @Test
  void runsWhatFallsDueInOrderEachAtItsTime() {
    note(Duration.ofSeconds(3), "third");
    note(Duration.ofSeconds(1), "first");
    note(Duration.ofSeconds(1), "second");
    note(Duration.ofSeconds(9), "never");

    clock.advance(Duration.ofSeconds(5));

    assertThat(events).containsExactly("first at 1", "second at 1", "third at 3");
    assertThat(clock.now()).isEqualTo(START.plusSeconds(5));
    assertThat(clock.nanoTime()).isEqualTo(Duration.ofSeconds(5).toNanos());
    assertThat(clock.untilNext()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void runsTasksThatTasksMake() {
    clock.schedule(Duration.ofSeconds(1), () -> note(Duration.ofSeconds(1), "child"));

    clock.advance(Duration.ofSeconds(2));

    assertThat(events).containsExactly("child at 2");
  }

  @Test
  void cancelledTaskDoesNotRun() {
    Clock.Timer timer = note(Duration.ofSeconds(1), "cancelled");

    timer.cancel();
    timer.cancel();
    clock.advance(Duration.ofSeconds(2));

    assertThat(events).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void sleeperWakesWhenItsTimeHasCome() throws InterruptedException {
    Thread sleeper = Thread.ofVirtual().start(() -> sleep(clock, Duration.ofSeconds(2)));
    clock.awaitSleepers(1);

    clock.advance(Duration.ofSeconds(1));
    assertThat(sleeper.isAlive()).isTrue();
    clock.advance(Duration.ofSeconds(1));

    assertThat(sleeper.join(Duration.ofSeconds(10))).isTrue();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void interruptedSleeperLeavesNothingBehind() throws InterruptedException {
    Thread sleeper = Thread.ofVirtual().start(() -> sleep(clock, Duration.ofSeconds(2)));
    clock.awaitSleepers(1);

    sleeper.interrupt();

    assertThat(sleeper.join(Duration.ofSeconds(10))).isTrue();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void sleepCanSkipTheWait() throws InterruptedException {
    ManualClock skipping = ManualClock.skippingSleep(START);
    skipping.schedule(Duration.ofSeconds(1), () -> events.add("due"));

    skipping.sleep(Duration.ofHours(1));

    assertThat(skipping.now()).isEqualTo(START.plus(Duration.ofHours(1)));
    assertThat(events).containsExactly("due");
  }

  private Clock.Timer note(Duration delay, String what) {
    return clock.schedule(
        delay, () -> events.add(what + " at " + Duration.between(START, clock.now()).toSeconds()));
  }

  private static void sleep(Clock clock, Duration time) {
    try {
      clock.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
