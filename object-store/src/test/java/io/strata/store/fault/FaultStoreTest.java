package io.strata.store.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.ManualClock;
import io.strata.store.Attempts;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.InterceptingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreContract;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class FaultStoreTest extends StoreContract {
  private static final ObjectKey A = new ObjectKey("a");
  private static final ObjectKey B = new ObjectKey("b");
  private static final Body BODY = Body.of(new byte[] {1});

  private final MemStore inner = new MemStore();

  @Override
  protected ObjectStore open() {
    return new FaultStore(new MemStore(), FaultPlan.none());
  }

  @Test
  void lostRequestHasNoEffect() throws StoreException {
    FaultStore store = new FaultStore(inner, FaultPlan.at(1, Fault.FAIL_BEFORE));

    assertUnavailable(() -> store.put(A, BODY, Condition.ABSENT));
    assertThat(inner.keys()).isEmpty();

    store.put(A, BODY, Condition.ABSENT);
    assertThat(inner.keys()).containsExactly(A);
  }

  @Test
  void lostAnswerHasItsEffect() {
    FaultStore store = new FaultStore(inner, FaultPlan.at(1, Fault.FAIL_AFTER));

    assertUnavailable(() -> store.put(A, BODY, Condition.ABSENT));

    assertThat(inner.keys()).containsExactly(A);
    assertThat(store.crashed()).isFalse();
  }

  @Test
  void lostAnswerMayHaveBeenNo() {
    inner.put(A, new byte[] {2});
    FaultStore store = new FaultStore(inner, request -> Fault.FAIL_AFTER);

    assertUnavailable(() -> store.put(A, BODY, Condition.ABSENT));
    assertUnavailable(() -> store.get(B, ByteRange.ALL));
  }

  @Test
  void nothingPassesAfterACrash() {
    for (Fault crash : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      MemStore bucket = new MemStore();
      FaultStore store = new FaultStore(bucket, FaultPlan.at(1, crash));

      assertUnavailable(() -> store.put(A, BODY, Condition.ABSENT));
      assertUnavailable(() -> store.put(B, BODY, Condition.NONE));
      assertUnavailable(() -> store.head(A));
      assertUnavailable(() -> store.delete(List.of(A)));
      assertUnavailable(() -> store.list("", "", 1));

      assertThat(bucket.keys()).isEqualTo(crash.equals(Fault.CRASH_AFTER) ? List.of(A) : List.of());
      assertThat(store.crashed()).isTrue();
      assertThat(store.requests()).isEqualTo(5);
    }
  }

  /** Who has killed an owner counts what it has left. */
  @Test
  void aCrashWaitsForWhatIsUnderWay() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch stored = new CountDownLatch(1);
    ObjectStore slow =
        new InterceptingStore(inner) {
          @Override
          protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
              throws StoreException {
            sent.countDown();
            await(stored);
            return request.send();
          }
        };
    FaultStore store = new FaultStore(slow, FaultPlan.none());
    Thread putting = Thread.ofVirtual().start(() -> put(store));
    await(sent);
    Thread crashing = Thread.ofVirtual().start(store::crash);
    while (!store.crashed()) {
      Thread.sleep(1);
    }
    assertThat(crashing.isAlive()).isTrue();
    assertUnavailable(() -> store.put(B, BODY, Condition.NONE));

    stored.countDown();
    crashing.join();
    assertThat(inner.keys()).containsExactly(A);
    putting.join();
  }

  private static void put(ObjectStore store) {
    try {
      store.put(A, BODY, Condition.NONE);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void planIsToldWhatIsAsked() throws StoreException {
    List<FaultPlan.Request> asked = new ArrayList<>();
    FaultStore store =
        new FaultStore(
            inner,
            request -> {
              asked.add(request);
              return Fault.PASS;
            });

    store.put(A, BODY, Condition.ABSENT);
    store.delete(List.of(A, B));
    store.list("a/", "", 1);

    assertThat(asked)
        .containsExactly(
            new FaultPlan.Request(1, Verb.PUT, "a"),
            new FaultPlan.Request(2, Verb.DELETE, "a"),
            new FaultPlan.Request(3, Verb.LIST, "a/"));
  }

  @Test
  void delayPassesOnTheClock() throws StoreException {
    ManualClock clock = ManualClock.skippingSleep(Instant.EPOCH);
    FaultPlan slow = request -> Fault.PASS.delayed(Duration.ofSeconds(3));

    new FaultStore(inner, slow, clock).put(A, BODY, Condition.ABSENT);

    assertThat(clock.now()).isEqualTo(Instant.EPOCH.plusSeconds(3));
  }

  private static void assertUnavailable(ThrowingCallable request) {
    assertThatThrownBy(request).isInstanceOf(StoreException.Unavailable.class);
  }
}
