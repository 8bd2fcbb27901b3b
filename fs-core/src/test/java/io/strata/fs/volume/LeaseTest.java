package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.replay.ReplayFailure;
import io.strata.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One thread: what waits for the store runs when the test says so. */
final class LeaseTest {
  private static final Duration TERM = Duration.ofSeconds(3);

  private final ManualClock clock = ManualClock.startingAt(Instant.EPOCH);
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final Platform platform =
      new Platform(clock, new SplittableRandom(1), Runnable::run, waiting::add);
  private Lease.Question store = clock::nanoTime;
  private int asked;

  private Lease lease(boolean hard) {
    return new Lease(
        TERM,
        Lease.patience(TERM, null),
        hard,
        clock.nanoTime(),
        platform,
        () -> {
          asked++;
          return store.ask();
        });
  }

  private void runWaiting() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }

  private void silentStore() {
    store =
        () -> {
          throw new StoreException.Unavailable("away", null);
        };
  }

  @Test
  void holdsForATermFromTheMomentOfTheRequest() {
    Lease lease = lease(false);
    clock.advance(TERM.minusNanos(1));
    assertThat(lease.holds()).isTrue();
    long sent = clock.nanoTime();
    clock.advance(Duration.ofSeconds(2));
    assertThat(lease.holds()).isFalse();
    lease.renewed(sent); // answered late, and counted from when it was sent
    assertThat(lease.left()).isEqualTo(Duration.ofSeconds(1));
    lease.renewed(sent - 1);
    assertThat(lease.left()).as("answers come in any order").isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void asksNothingWhileNothingIsToBeDone() {
    lease(true);
    clock.advance(Duration.ofDays(1));
    assertThat(waiting).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void allWhoWaitShareOneQuestion() {
    Lease lease = lease(false);
    clock.advance(TERM);
    CompletableFuture<Void> one = lease.gate();
    CompletableFuture<Void> other = lease.gate();
    assertThat(one).isNotDone().isSameAs(other);
    runWaiting();
    assertThat(one).isDone();
    assertThat(lease.holds()).isTrue();
    assertThat(asked).isEqualTo(1);
    assertThat(clock.waiting()).as("nothing is left to run later").isZero();
  }

  @Test
  void softGivesWayToAStoreThatFailsAndAsksAgainEachTerm() {
    Lease lease = lease(false);
    silentStore();
    clock.advance(TERM);
    CompletableFuture<Void> gate = lease.gate();
    runWaiting();
    assertThat(gate).isDone();
    assertThat(lease.gate()).as("nobody waits twice").isDone();
    for (int i = 0; i < 5; i++) {
      clock.advance(TERM);
      runWaiting();
    }
    assertThat(asked).isEqualTo(6);
    store = clock::nanoTime;
    clock.advance(TERM);
    runWaiting();
    assertThat(lease.holds()).isTrue();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void softGivesWayToAStoreThatDoesNotAnswer() {
    Lease lease = lease(false);
    clock.advance(TERM);
    CompletableFuture<Void> gate = lease.gate();
    clock.advance(TERM.dividedBy(3).minusNanos(1));
    assertThat(gate).isNotDone();
    clock.advance(Duration.ofNanos(1));
    assertThat(gate).isDone();
    assertThat(lease.gate()).isDone();
    runWaiting(); // the answer comes after all
    assertThat(lease.holds()).isTrue();
  }

  @Test
  void givesWayBeforeOperationsTimeOut() {
    assertThat(Lease.patience(TERM, Duration.ofDays(1))).isEqualTo(TERM.dividedBy(3));
    Duration hasty = Duration.ofMillis(300);
    assertThat(Lease.patience(TERM, hasty)).isLessThan(hasty);
  }

  @Test
  void hardDoesNotGiveWay() {
    Lease lease = lease(true);
    silentStore();
    clock.advance(TERM);
    CompletableFuture<Void> gate = lease.gate();
    for (int i = 0; i < 100; i++) {
      runWaiting();
      clock.advance(TERM);
    }
    assertThat(gate).isNotDone();
    store = clock::nanoTime;
    runWaiting();
    assertThat(gate).isDone();
    assertThat(lease.holds()).isTrue();
  }

  @Test
  void hardDoesNotTakeAnAnswerThatIsOlderThanItsTerm() {
    Lease lease = lease(true);
    clock.advance(TERM);
    CompletableFuture<Void> gate = lease.gate();
    store =
        () -> {
          long sent = clock.nanoTime();
          if (asked == 1) {
            clock.advance(Duration.ofMinutes(1)); // the process is stopped, and goes on
          }
          return sent;
        };
    runWaiting();
    assertThat(asked).isEqualTo(2);
    assertThat(gate).isDone();
    assertThat(lease.holds()).isTrue();
  }

  @Test
  void aPutOpensTheGateToo() {
    Lease lease = lease(true);
    clock.advance(TERM);
    CompletableFuture<Void> gate = lease.gate();
    lease.renewed(clock.nanoTime());
    assertThat(gate).isDone();
  }

  @Test
  void whoIsFencedLetsNobodyThroughBeforeTheVolumeKnows() {
    Lease lease = lease(false);
    store =
        () -> {
          throw new ReplayFailure.Fenced("taken", null);
        };
    clock.advance(TERM);
    CompletableFuture<Void> gate = lease.gate();
    runWaiting();
    assertThat(gate).isNotDone();
    lease.close();
    assertThat(gate).isDone();
    assertThat(lease.gate()).isDone();
  }

  @Test
  void hardenedWhileItGaveWayItHoldsUpTheNext() {
    Lease lease = lease(false);
    silentStore();
    clock.advance(TERM);
    assertThat(lease.gate()).isNotDone();
    runWaiting();
    assertThat(lease.gate()).isDone();
    lease.harden();
    assertThat(lease.gate()).isNotDone();
  }
}
