package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.ManualClock;
import io.strata.store.Verb;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writers wait while too much is dirty, and never for ever. */
@Timeout(60)
class PushBackTest {
  private static final int KIB = 1 << 10;

  private final GatedStore store = new GatedStore(new MemStore());
  private final TestLog test =
      new TestLog(store, TestLog.SMALL.withDirtyBytesMax(512 * KIB), TestLog.PLATFORM);
  private final SegmentLog log = test.log;

  @AfterEach
  void close() {
    store.open(Verb.PUT);
    test.close();
  }

  @Test
  void dirtyBytesAreExact() throws Exception {
    store.hold(Verb.PUT);
    test.append(new byte[100]);
    test.append(new byte[300 * KIB]);
    test.append(new byte[7]);
    assertThat(log.dirtyBytes()).isEqualTo(300 * KIB + 107);
    assertThat(log.stats().unacknowledgedSegments()).isEqualTo(1);
    store.open(Verb.PUT);
    test.awaitStored();
    assertThat(log.dirtyBytes()).isEqualTo(7);
  }

  @Test
  void whoFindsNoRoomWaitsUntilSomethingIsStored() throws Exception {
    store.hold(Verb.PUT);
    assertThat(log.tryAdmit(512 * KIB)).isTrue();
    test.append(new byte[512 * KIB]);
    assertThat(log.tryAdmit(1)).isFalse();
    FutureTask<Void> waiter = admit(1);
    Thread.sleep(30);
    assertThat(waiter.isDone()).isFalse();
    store.open(Verb.PUT);
    waiter.get(20, TimeUnit.SECONDS);
  }

  @Test
  void theOpenSegmentIsSealedWhenNothingElseWouldMakeRoom() throws Exception {
    TestLog tight = new TestLog(store, TestLog.SMALL.withDirtyBytesMax(10), TestLog.PLATFORM);
    for (int i = 0; i < 20; i++) {
      tight.log.admit(7);
      tight.append(new byte[7]);
    }
    assertThat(tight.log.dirtyBytes()).isEqualTo(7);
    assertThat(store.requests(Verb.PUT)).isEqualTo(19);
    tight.close();
  }

  @Test
  void anAppendLargerThanTheLimitGoesAlone() throws Exception {
    TestLog tight = new TestLog(store, TestLog.SMALL.withDirtyBytesMax(1000), TestLog.PLATFORM);
    for (int i = 0; i < 5; i++) {
      tight.log.admit(500_000);
      assertThat(tight.log.dirtyBytes()).isZero();
      tight.append(new byte[500_000]);
      tight.log.admit(10);
      tight.append(new byte[10]);
    }
    tight.close();
  }

  @Test
  void manyWritersStayWithinTheLimitAndAllComeThrough() throws Exception {
    AtomicLong most = new AtomicLong();
    List<FutureTask<Void>> writers = new ArrayList<>();
    for (int w = 0; w < 30; w++) {
      writers.add(
          start(
              () -> {
                for (int i = 0; i < 20; i++) {
                  log.admit(32 * KIB);
                  test.append(new byte[32 * KIB]);
                  most.accumulateAndGet(log.dirtyBytes(), Math::max);
                }
              }));
    }
    for (FutureTask<Void> writer : writers) {
      writer.get();
    }
    assertThat(most.get()).isLessThanOrEqualTo(512 * KIB + 30 * 32 * KIB);
    assertThat(log.stats().appendedBytes()).isEqualTo(30L * 20 * 32 * KIB);
  }

  @Test
  void whoWokeTogetherDoNotTakeTheSameRoom() throws Exception {
    ManualClock clock = ManualClock.startingAt(Instant.EPOCH);
    DirtyBudget budget = new DirtyBudget(100, clock);
    budget.appended(100);
    List<FutureTask<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiters.add(start(() -> budget.admit(40, () -> {})));
    }
    Thread.sleep(20);
    budget.acknowledged(100);
    awaitDone(waiters, 2);
    // These two append; only then a part of what is dirty is acknowledged.
    budget.appended(40);
    budget.appended(40);
    budget.acknowledged(40);
    awaitDone(waiters, 3);
    // The third is never heard of again, and its promise delays the others but does not stop them.
    budget.acknowledged(40);
    awaitDone(waiters, 4);
    Eventually.holds("the last waits for a lapse", () -> clock.waiting() == 1);
    clock.advance(Duration.ofMillis(10));
    awaitDone(waiters, 5);
    assertThat(budget.dirtyBytes()).isZero();
  }

  private static void awaitDone(List<FutureTask<Void>> waiters, long count)
      throws InterruptedException {
    Eventually.holds(
        count + " are let in", () -> waiters.stream().filter(FutureTask::isDone).count() >= count);
    Thread.sleep(20);
    assertThat(waiters.stream().filter(FutureTask::isDone).count()).isEqualTo(count);
  }

  @Test
  void anInterruptedWaiterLeavesTheLine() throws Exception {
    store.hold(Verb.PUT);
    test.append(new byte[512 * KIB]);
    CompletableFuture<Thread> first = new CompletableFuture<>();
    FutureTask<Void> interrupted =
        start(
            () -> {
              first.complete(Thread.currentThread());
              log.admit(KIB);
            });
    Thread.sleep(20);
    FutureTask<Void> second = admit(KIB);
    first.get().interrupt();
    assertThatThrownBy(() -> interrupted.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(second.isDone()).isFalse();
    store.open(Verb.PUT);
    second.get(20, TimeUnit.SECONDS);
  }

  @Test
  void whoWaitsWhenTheLogIsClosedIsTold() throws Exception {
    store.hold(Verb.PUT);
    test.append(new byte[512 * KIB]);
    FutureTask<Void> waiter = admit(1);
    Thread.sleep(20);
    log.close();
    assertThatThrownBy(() -> waiter.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  private FutureTask<Void> admit(long bytes) {
    return start(() -> log.admit(bytes));
  }

  private interface Work {
    void run() throws Exception;
  }

  private static FutureTask<Void> start(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread.ofVirtual().start(task);
    return task;
  }
}
