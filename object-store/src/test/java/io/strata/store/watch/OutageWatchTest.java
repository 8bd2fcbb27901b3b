package io.strata.store.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class OutageWatchTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectKey KEY = new ObjectKey("a");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = ManualClock.startingAt(START);
  private final Platform platform =
      new Platform(clock, new SplittableRandom(1), Runnable::run, Runnable::run);
  private final MemStore bucket = new MemStore();
  private final List<String> heard = new ArrayList<>();
  private boolean away;
  private final WatchedStore store =
      new WatchedStore(
          new FaultStore(bucket, request -> away ? Fault.FAIL_BEFORE : Fault.PASS), platform);

  OutageWatchTest() {
    store.tell(listener());
  }

  private OutageListener listener() {
    return new OutageListener() {
      @Override
      public void began(Outage outage) {
        heard.add("began " + Duration.between(START, outage.since()).toSeconds());
      }

      @Override
      public void ended(Outage outage, Duration lasted) {
        heard.add("ended after " + lasted.toSeconds());
      }
    };
  }

  private void failOnce() {
    assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(StoreException.Unavailable.class);
  }

  @Test
  void anOutageIsToldOnceWhenItBeginsAndOnceWhenItEnds() throws Exception {
    clock.advance(SECOND);
    away = true;
    for (int i = 0; i < 100; i++) {
      failOnce();
      clock.advance(SECOND);
    }
    assertThat(heard).containsExactly("began 1");
    assertThat(store.health().answering()).isFalse();
    assertThat(store.health().lastError()).contains("HEAD a");

    away = false;
    store.head(KEY);
    store.head(KEY);
    assertThat(heard).containsExactly("began 1", "ended after 100");
    assertThat(store.health()).matches(StoreHealth::answering);
    assertThat(store.health().outages()).isEqualTo(1);
  }

  /** The order counts, not the time: here none passes. */
  @Test
  void whatFailsAfterALaterRequestWasAnsweredSaysNothing() {
    OutageWatch watch = new OutageWatch(platform);
    OutageWatch.Sent lost = watch.sent(Verb.PUT, "a");
    watch.answered(watch.sent(Verb.PUT, "b"));
    watch.failed(lost, new StoreException.Unavailable("put a", null));
    clock.advance(OutageWatch.FAILING_MAX.multipliedBy(2));
    assertThat(watch.health().outages()).isZero();
    watch.failed(watch.sent(Verb.PUT, "c"), new StoreException.Unavailable("put c", null));
    clock.advance(OutageWatch.FAILING_MAX.multipliedBy(2));
    assertThat(watch.health().outages()).isEqualTo(1);
  }

  @Test
  void aLostRequestNowAndThenIsNoOutage() throws Exception {
    for (int i = 0; i < 100; i++) {
      away = i % 3 != 0;
      if (away) {
        failOnce();
      } else {
        store.head(KEY);
      }
      clock.advance(SECOND);
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void oneFailureThatNobodyRepeatsIsToldAsWell() {
    away = true;
    failOnce();
    clock.advance(OutageWatch.FAILING_MAX.minusMillis(1));
    assertThat(heard).isEmpty();
    clock.advance(SECOND);
    assertThat(heard).containsExactly("began 0");
  }

  @Test
  void missingExistingAndRefusedAreAnswers() throws Exception {
    away = true;
    failOnce();
    clock.advance(OutageWatch.FAILING_MAX.plusSeconds(1));
    away = false;
    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class);
    assertThat(heard).containsExactly("began 0", "ended after 4");
  }

  private CompletableFuture<Void> putInto(WatchedStore silent, String key) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            silent.put(new ObjectKey(key), Body.of(new byte[1]), Condition.ABSENT);
          } catch (StoreException e) {
            throw new AssertionError(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  @Test
  void aRequestThatStandsStillIsAnOutageUnlessOthersAreAnswered() throws Exception {
    GatedStore gated = new GatedStore(bucket);
    WatchedStore silent = new WatchedStore(gated, platform);
    silent.tell(listener());
    gated.hold(Verb.PUT);
    CompletableFuture<Void> first = putInto(silent, "first");
    assertThat(gated.awaitHeld(Verb.PUT, 1)).hasSize(1);
    clock.advance(OutageWatch.SILENCE_MAX.minusSeconds(1));
    silent.head(KEY);
    clock.advance(OutageWatch.SILENCE_MAX.plusSeconds(1));
    assertThat(heard).as("lost on its connection").isEmpty();

    CompletableFuture<Void> second = putInto(silent, "second");
    assertThat(gated.awaitHeld(Verb.PUT, 2)).hasSize(2);
    clock.advance(OutageWatch.SILENCE_MAX.minusMillis(1));
    assertThat(heard).isEmpty();
    clock.advance(SECOND);
    assertThat(heard)
        .containsExactly("began " + OutageWatch.SILENCE_MAX.multipliedBy(2).toSeconds());
    assertThat(silent.health().outage())
        .isNotNull()
        .extracting(Outage::error)
        .isEqualTo("no answer to put second");

    gated.open(Verb.PUT);
    first.get();
    second.get();
    assertThat(heard).hasSize(2).last().asString().startsWith("ended");
  }

  @Test
  void whatWasSentBeforeAnAnswerAndFailsAfterItIsNoOutage() throws Exception {
    GatedStore gated = new GatedStore(bucket);
    WatchedStore late =
        new WatchedStore(
            new FaultStore(
                gated,
                request -> request.verb() == Verb.PUT ? Fault.FAIL_AFTER : Fault.PASS),
            platform);
    late.tell(listener());
    gated.hold(Verb.PUT);
    CompletableFuture<Void> put =
        CompletableFuture.runAsync(
            () ->
                assertThatThrownBy(() -> late.put(KEY, Body.of(new byte[1]), Condition.ABSENT))
                    .isInstanceOf(StoreException.Unavailable.class),
            task -> Thread.ofVirtual().start(task));
    assertThat(gated.awaitHeld(Verb.PUT, 1)).hasSize(1);
    clock.advance(OutageWatch.FAILING_MAX.plusSeconds(1));
    late.head(KEY);
    gated.open(Verb.PUT);
    put.get();
    clock.advance(Duration.ofMinutes(1));
    assertThat(heard).isEmpty();
  }

  @Test
  void whoGivesUpSaysNothingAboutTheStore() throws Exception {
    away = true;
    Thread.currentThread().interrupt();
    failOnce();
    assertThat(Thread.interrupted()).isTrue();
    clock.advance(Duration.ofMinutes(1));
    assertThat(heard).isEmpty();
  }

  @Test
  void nothingIsWatchedWhileNothingIsSent() throws Exception {
    store.head(KEY);
    clock.advance(Duration.ofMinutes(1));
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void whoComesLateIsToldOfALastingOutage() {
    away = true;
    failOnce();
    clock.advance(OutageWatch.FAILING_MAX.plusSeconds(1));
    heard.clear();
    store.tell(listener());
    assertThat(heard).containsExactly("began 0");
  }
}
