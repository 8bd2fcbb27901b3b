package io.strata.store.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.Backoff;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreContract;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RetryStoreTest extends StoreContract {
  private static final ObjectKey KEY = new ObjectKey("a");
  private static final Body BODY = Body.of(new byte[] {1});
  private static final Backoff BACKOFF = Backoff.FOREVER.within(Duration.ofMinutes(1));

  private final ManualClock clock = ManualClock.skippingSleep(Instant.EPOCH);
  private final Platform platform =
      new Platform(clock, new Random(1), Runnable::run, Runnable::run);
  private final MemStore bucket = new MemStore();

  /** The whole contract holds on a store where two of three requests that are no puts get lost. */
  @Override
  protected ObjectStore open() {
    Random dice = new Random(1);
    FaultPlan flaky =
        request ->
            request.verb() == Verb.PUT
                ? Fault.PASS
                : switch (dice.nextInt(3)) {
                  case 0 -> Fault.FAIL_BEFORE;
                  case 1 -> Fault.FAIL_AFTER;
                  default -> Fault.PASS;
                };
    return new RetryStore(new FaultStore(bucket, flaky), platform, Backoff.FOREVER);
  }

  @Test
  void unconditionalPutIsSentAgain() throws StoreException {
    ObjectStore store = retrying(FaultPlan.at(1, Fault.FAIL_AFTER));

    store.put(KEY, BODY, Condition.NONE);

    assertThat(bucket.keys()).containsExactly(KEY);
    assertThat(clock.now()).isAfter(Instant.EPOCH);
  }

  @Test
  void conditionalPutIsNotSentAgain() {
    FaultStore faulty = new FaultStore(bucket, FaultPlan.at(1, Fault.FAIL_AFTER));
    ObjectStore store = new RetryStore(faulty, platform, BACKOFF);

    assertThatThrownBy(() -> store.put(KEY, BODY, Condition.ABSENT))
        .isInstanceOf(StoreException.Unavailable.class);
    assertThat(faulty.requests()).isEqualTo(1);
  }

  @Test
  void aClosedStoreIsNotAskedForEver() {
    AtomicInteger asked = new AtomicInteger();
    List<ObjectStore> opened = new ArrayList<>();
    FaultPlan away =
        request -> {
          if (asked.incrementAndGet() == 3) {
            opened.forEach(ObjectStore::close);
          }
          return Fault.FAIL_BEFORE;
        };
    RetryStore store = new RetryStore(new FaultStore(bucket, away), platform, Backoff.FOREVER);
    opened.add(store);

    assertThatThrownBy(() -> store.head(KEY))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessage("head a: the store is closed");
    assertThat(asked).hasValue(3);
  }

  @Test
  void certainAnswersAreNotAskedAgain() {
    FaultStore counting = new FaultStore(bucket, FaultPlan.none());
    ObjectStore store = new RetryStore(counting, platform, BACKOFF);

    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class);
    assertThat(counting.requests()).isEqualTo(1);
  }

  @Test
  void givesUpAtTheDeadline() {
    ObjectStore store = retrying(request -> Fault.FAIL_BEFORE);

    assertThatThrownBy(() -> store.head(KEY))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("head a: given up after")
        .hasMessageContaining("injected");
    assertThat(clock.now()).isBetween(Instant.EPOCH.plusSeconds(50), Instant.EPOCH.plusSeconds(60));
  }

  @Test
  void interruptedThreadStopsAndStaysInterrupted() {
    ObjectStore store = retrying(request -> Fault.FAIL_BEFORE);

    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> store.head(KEY))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  private ObjectStore retrying(FaultPlan plan) {
    return new RetryStore(new FaultStore(bucket, plan), platform, BACKOFF);
  }
}
