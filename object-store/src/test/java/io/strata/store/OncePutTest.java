package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class OncePutTest {
  private static final ObjectKey KEY = new ObjectKey("head/1");
  private static final String OURS = "our own bytes";

  private final MemStore bucket = new MemStore();
  private final ManualClock clock = ManualClock.skippingSleep(Instant.EPOCH);
  private final Platform platform =
      new Platform(clock, new Random(1), Runnable::run, Runnable::run);

  /** What is there before, what becomes of the requests in turn, what must come out. */
  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("", faults(), OncePut.Outcome.STORED, 1),
        Arguments.of("", faults(Fault.FAIL_BEFORE), OncePut.Outcome.STORED, 2),
        // Our reply is lost: put, put (exists), get (ours).
        Arguments.of("", faults(Fault.FAIL_AFTER), OncePut.Outcome.STORED, 3),
        // … and the read back is lost as well: put, put, get, put, get.
        Arguments.of(
            "", faults(Fault.FAIL_AFTER, Fault.PASS, Fault.FAIL_BEFORE), OncePut.Outcome.STORED, 5),
        Arguments.of(OURS, faults(), OncePut.Outcome.STORED, 2),
        Arguments.of("another's", faults(), OncePut.Outcome.TAKEN, 2),
        Arguments.of("our own bytez", faults(), OncePut.Outcome.TAKEN, 2),
        Arguments.of("our own", faults(), OncePut.Outcome.TAKEN, 2),
        Arguments.of("our own bytes and more", faults(), OncePut.Outcome.TAKEN, 2),
        Arguments.of("another's", faults(Fault.FAIL_BEFORE), OncePut.Outcome.TAKEN, 3),
        Arguments.of("another's", faults(Fault.PASS, Fault.FAIL_AFTER), OncePut.Outcome.TAKEN, 4));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tellsWhoseObjectIsThere(
      String before, List<Fault> faults, OncePut.Outcome expected, long requests)
      throws StoreException {
    if (!before.isEmpty()) {
      bucket.put(KEY, before.getBytes(StandardCharsets.US_ASCII));
    }
    FaultStore store = new FaultStore(bucket, inTurn(faults));

    OncePut.Outcome outcome = new OncePut(store, platform).put(KEY, ours());

    assertThat(outcome).isEqualTo(expected);
    assertThat(store.requests()).isEqualTo(requests);
    assertThat(found()).isEqualTo(before.isEmpty() ? OURS : before);
  }

  @Test
  void objectThatVanishesAfterExistsIsPutAgain() throws StoreException {
    bucket.put(KEY, "garbage".getBytes(StandardCharsets.US_ASCII));
    FaultPlan deleting =
        request -> {
          if (request.verb() == Verb.GET) {
            bucket.delete(List.of(KEY));
          }
          return Fault.PASS;
        };

    OncePut.Outcome outcome =
        new OncePut(new FaultStore(bucket, deleting), platform).put(KEY, ours());

    assertThat(outcome).isEqualTo(OncePut.Outcome.STORED);
    assertThat(found()).isEqualTo(OURS);
  }

  @Test
  void triesForHoursWithoutHaste() throws StoreException {
    FaultStore store =
        new FaultStore(
            bucket,
            request ->
                clock.now().isBefore(Instant.EPOCH.plus(Duration.ofHours(3)))
                    ? Fault.FAIL_BEFORE
                    : Fault.PASS);

    assertThat(new OncePut(store, platform).put(KEY, ours())).isEqualTo(OncePut.Outcome.STORED);
    assertThat(store.requests()).isLessThan(3 * 3600 / 2);
  }

  @Test
  void givesUpAtTheDeadline() {
    Backoff aMinute = Backoff.FOREVER.within(Duration.ofMinutes(1));
    OncePut oncePut =
        new OncePut(new FaultStore(bucket, request -> Fault.FAIL_BEFORE), platform, aMinute);

    assertThatThrownBy(() -> oncePut.put(KEY, ours()))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("put head/1: given up");
    assertThat(clock.now()).isBeforeOrEqualTo(Instant.EPOCH.plusSeconds(60));
  }

  @Test
  void stopsWhenInterrupted() throws InterruptedException {
    ManualClock stopped = ManualClock.startingAt(Instant.EPOCH);
    Platform waiting = new Platform(stopped, new Random(1), Runnable::run, Runnable::run);
    OncePut oncePut = new OncePut(new FaultStore(bucket, request -> Fault.FAIL_BEFORE), waiting);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread putting =
        Thread.ofVirtual().start(() -> failure.set(catchThrowable(() -> oncePut.put(KEY, ours()))));
    stopped.awaitSleepers(1);

    putting.interrupt();

    assertThat(putting.join(Duration.ofSeconds(10))).isTrue();
    assertThat(failure.get())
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("interrupted");
  }

  private String found() throws StoreException {
    ByteBuffer bytes = bucket.get(KEY, ByteRange.ALL);
    return StandardCharsets.US_ASCII.decode(bytes).toString();
  }

  /** Cut into pieces, as real bodies are. */
  private static Body ours() {
    byte[] bytes = OURS.getBytes(StandardCharsets.US_ASCII);
    return Body.of(
        List.of(ByteBuffer.wrap(bytes, 0, 4), ByteBuffer.wrap(bytes, 4, bytes.length - 4)));
  }

  private static List<Fault> faults(Fault... faults) {
    return List.of(faults);
  }

  private static FaultPlan inTurn(List<Fault> faults) {
    return request ->
        request.sequence() <= faults.size() ? faults.get((int) request.sequence() - 1) : Fault.PASS;
  }
}
