package io.strata.tests.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.WouldBlock;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.store.Verb;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.tests.outage.Absence.Kind;
import io.strata.tests.outage.Absence.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The store goes away in the middle of something, for long, and nobody notices but by waiting: for
 * each request that may be the last one before, and each time that it may take.
 */
final class OutageTest {
  private static final List<Duration> TIMES =
      List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1));

  /** Timers have threads of their own, which may be late on a busy machine. */
  private static final Duration LATE_MAX = Duration.ofSeconds(60);

  private static Stream<Arguments> each(List<Trigger> triggers) {
    List<Arguments> rows = new ArrayList<>();
    for (Trigger trigger : triggers) {
      for (int i = 0; i < TIMES.size(); i++) {
        boolean doneAllTheSame = (rows.size() & 1) == 0;
        Kind kind = (rows.size() / 2 + i) % 2 == 0 ? Kind.REFUSES : Kind.HANGS;
        rows.add(Arguments.of(trigger, TIMES.get(i), kind, doneAllTheSame));
      }
    }
    return rows.stream();
  }

  static Stream<Arguments> working() {
    return each(
        List.of(
            new Trigger(Verb.PUT, "seg/", 3),
            new Trigger(Verb.PUT, "log/", 3),
            new Trigger(Verb.PUT, "tree/", 2),
            new Trigger(Verb.PUT, "head/", 2),
            new Trigger(Verb.LIST, "head/", 2),
            new Trigger(Verb.DELETE, "head/", 1),
            new Trigger(Verb.DELETE, "log/", 1),
            new Trigger(Verb.DELETE, "tree/", 1),
            new Trigger(Verb.DELETE, "seg/", 1),
            new Trigger(Verb.GET, "seg/", 1),
            new Trigger(Verb.GET, "seg/", 5),
            new Trigger(Verb.GET, "tree/", 1)));
  }

  @ParameterizedTest(name = "{0} for {1}, {2}, done: {3}")
  @MethodSource("working")
  void everythingWaitsAndGoesOn(Trigger trigger, Duration lasts, Kind kind, boolean done)
      throws Exception {
    VolumeInOutage it = new VolumeInOutage(kind);
    it.prepare();
    Volume volume = it.open(VolumeInOutage.OPTIONS);
    Work work = new Work(volume);
    work.warmUp();
    it.absence.leaveAt(trigger, done);
    work.start();
    it.absence.awaitLeft();
    int acknowledged = work.acknowledged();

    Duration part = lasts.dividedBy(5);
    it.time.pass(part);
    for (int i = 1; i < 5; i++) {
      it.time.pass(part);
      work.requireNoFailure();
      readWarm(it, work);
      requireBounded(volume.statistics());
    }
    // The store may have had one more, of which nobody had been told when it left.
    assertThat(work.acknowledged())
        .as("acknowledged without a store")
        .isBetween(acknowledged, acknowledged + 1);
    // The one who writes comes to the limit in real time.
    while (volume.statistics().waiting() < 2) {
      work.requireNoFailure();
      Thread.sleep(1);
    }
    it.time.passUntil(() -> volume.statistics().longestWait().compareTo(part) > 0);
    assertThat(it.watched.health().answering()).isFalse();

    it.absence.comeBack();
    it.time.passUntil(() -> work.acknowledged() > acknowledged + 3 || failed(work));
    work.stop();
    it.time.passUntil(work::ended);
    work.requireNoFailure();
    assertThat(it.watched.health().answering()).isTrue();
    assertThat(it.watched.health().outages()).isEqualTo(1);
    // Time goes on: what was asked for in the outage may still be on its way.
    it.time.passUntilDone(it.begin(() -> verified(work, volume)));
    it.time.passUntilDone(it.begin(() -> close(volume)));
    it.requireClean();
    try (Volume again = it.open(VolumeInOutage.OPTIONS)) {
      work.verify(again);
    }
  }

  /** With a caller who may not wait, but for the part of a term that a lapsed lease is worth. */
  private static void readWarm(VolumeInOutage it, Work work) throws Exception {
    long began = System.nanoTime();
    while (true) {
      try {
        work.readWarm();
        return;
      } catch (WouldBlock e) {
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .as("time spent to read what is in memory")
            .isLessThan(LATE_MAX);
        it.time.pass(VolumeInOutage.OPTIONS.lease().term());
      }
    }
  }

  private static boolean failed(Work work) {
    work.requireNoFailure();
    return false;
  }

  private static void requireBounded(VolumeStatistics now) {
    assertThat(Objects.requireNonNull(now.segments()).dirtyBytes())
        .isLessThanOrEqualTo(VolumeInOutage.LIMITS.dirtyBytesMax());
    assertThat(now.dirtyPageBytes()).isLessThan(2 * VolumeInOutage.LIMITS.dirtyPageBytesMax());
  }

  private static boolean verified(Work work, Volume volume) throws Exception {
    work.verify(volume);
    return true;
  }

  private static boolean recordsVerified(Work work, Volume volume) throws Exception {
    work.verifyRecords(volume);
    return true;
  }

  private static boolean close(Volume volume) throws Exception {
    volume.close();
    return true;
  }

  static Stream<Arguments> formatting() {
    return each(
        List.of(
            new Trigger(Verb.PUT, "volume", 1),
            new Trigger(Verb.PUT, "volume", 2),
            new Trigger(Verb.PUT, "head/", 1)));
  }

  @ParameterizedTest(name = "{0} for {1}, {2}, done: {3}")
  @MethodSource("formatting")
  void formatWaits(Trigger trigger, Duration lasts, Kind kind, boolean done) throws Exception {
    VolumeInOutage it = new VolumeInOutage(kind);
    it.absence.leaveAt(trigger, done);
    CompletableFuture<?> formatted =
        it.begin(() -> Volume.format(it.store, FormatOptions.DEFAULT, it.platform));
    it.absence.awaitLeft();
    it.time.pass(lasts);
    assertThat(formatted).isNotDone();
    it.absence.comeBack();
    it.time.passUntilDone(formatted);
    it.requireClean();
  }

  static Stream<Arguments> opening() {
    return each(
        List.of(
            new Trigger(Verb.GET, "volume", 1),
            new Trigger(Verb.LIST, "head/", 1),
            new Trigger(Verb.GET, "head/", 1),
            new Trigger(Verb.GET, "log/", 1),
            new Trigger(Verb.GET, "tree/", 1),
            new Trigger(Verb.PUT, "volume", 1),
            new Trigger(Verb.PUT, "head/", 1),
            new Trigger(Verb.PUT, "log/", 1)));
  }

  /** Of a volume whose owner was killed, so that it is recovered. */
  @ParameterizedTest(name = "{0} for {1}, {2}, done: {3}")
  @MethodSource("opening")
  void openingWaits(Trigger trigger, Duration lasts, Kind kind, boolean done) throws Exception {
    VolumeInOutage it = new VolumeInOutage(kind);
    it.prepare();
    FaultStore life = new FaultStore(it.bucket, FaultPlan.none());
    Volume killed = it.openMortal(life);
    Work work = new Work(killed);
    work.start();
    it.time.passUntil(() -> work.acknowledged() > 3 || failed(work));
    if (trigger.verb() == Verb.PUT && trigger.prefix().equals("log/")) {
      // It is to put a fence: none is needed behind an entry whose segment was never stored, which
      // is what a log may end with when its owner is killed in the middle of something.
      work.stop();
      it.time.passUntil(work::ended);
      work.requireNoFailure();
    }
    life.crash();
    killed.abandon();
    it.absence.leaveAt(trigger, done);
    CompletableFuture<Volume> opened = it.begin(() -> it.open(VolumeInOutage.OPTIONS));
    it.absence.awaitLeft();
    it.time.pass(lasts);
    assertThat(opened).isNotDone();
    it.absence.comeBack();
    Volume volume = it.time.passUntilDone(opened);
    it.time.passUntilDone(it.begin(() -> recordsVerified(work, volume)));
    it.time.passUntilDone(it.begin(() -> close(volume)));
    it.requireClean();
  }

  static Stream<Arguments> closing() {
    return each(
        List.of(
            new Trigger(Verb.PUT, "seg/", 1),
            new Trigger(Verb.PUT, "tree/", 1),
            new Trigger(Verb.PUT, "head/", 1)));
  }

  @ParameterizedTest(name = "{0} for {1}, {2}, done: {3}")
  @MethodSource("closing")
  void closingWaits(Trigger trigger, Duration lasts, Kind kind, boolean done) throws Exception {
    VolumeInOutage it = new VolumeInOutage(kind);
    it.prepare();
    Volume volume = it.open(VolumeInOutage.OPTIONS);
    Work work = new Work(volume);
    work.start();
    it.time.passUntil(() -> work.acknowledged() > 3 || failed(work));
    work.stop();
    it.time.passUntil(work::ended);
    work.requireNoFailure();
    Work.append(volume, "records", new byte[40 << 10]);
    it.absence.leaveAt(trigger, done);
    CompletableFuture<Boolean> closed = it.begin(() -> close(volume));
    it.absence.awaitLeft();
    it.time.pass(lasts);
    assertThat(closed).isNotDone();
    it.absence.comeBack();
    it.time.passUntilDone(closed);
    it.requireClean();
    try (Volume again = it.open(VolumeInOutage.OPTIONS.withTakeOver(false))) {
      work.verify(again);
    }
  }
}
