package io.strata.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class RetentionProperties {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Property
  void theLastAreAlwaysKept(
      @ForAll("checkpoints") List<RetainedCheckpoint> all,
      @ForAll @IntRange(min = 1, max = 20) int recentMax) {
    List<RetainedCheckpoint> kept = new Retention(recentMax, Duration.ofHours(3)).keep(all, START);
    int recent = Math.min(recentMax, all.size());
    assertThat(kept).endsWith(last(all, recent));
  }

  private static RetainedCheckpoint[] last(List<RetainedCheckpoint> all, int count) {
    return all.subList(all.size() - count, all.size()).toArray(RetainedCheckpoint[]::new);
  }

  @Property
  void whatIsKeptIsBoundedAndInOrder(
      @ForAll("checkpoints") List<RetainedCheckpoint> all,
      @ForAll @IntRange(min = 0, max = 24) int hours) {
    Retention retention = new Retention(4, Duration.ofHours(hours));
    List<RetainedCheckpoint> kept = retention.keep(all, START);
    assertThat(kept.size()).isLessThanOrEqualTo(4 + hours + 1);
    assertThat(kept).isSubsetOf(all).isSortedAccordingTo(byNumber());
  }

  @Property
  void keepingTwiceKeepsTheSame(@ForAll("checkpoints") List<RetainedCheckpoint> all) {
    List<RetainedCheckpoint> kept = Retention.DEFAULT.keep(all, START);
    assertThat(Retention.DEFAULT.keep(kept, START)).isEqualTo(kept);
  }

  @Property
  void whatWasDroppedIsNeverWantedAgain(
      @ForAll("checkpoints") List<RetainedCheckpoint> all,
      @ForAll @IntRange(min = 0, max = 200) int laterMinutes) {
    Retention retention = new Retention(3, Duration.ofHours(5));
    List<RetainedCheckpoint> dropped = new ArrayList<>(all);
    dropped.removeAll(retention.keep(all, START));
    Instant later = START.plus(Duration.ofMinutes(laterMinutes));
    List<RetainedCheckpoint> more = new ArrayList<>(all);
    more.add(checkpoint(all.size() + 1, later));
    List<RetainedCheckpoint> kept = retention.keep(more, later);
    assertThat(dropped).noneMatch(kept::contains);
  }

  @Example
  void oneAnHourForADay() {
    List<RetainedCheckpoint> kept = new ArrayList<>();
    Instant now = START;
    for (int number = 1; number <= 48 * 60; number++) {
      now = START.plus(Duration.ofMinutes(number));
      kept.add(checkpoint(number, now));
      kept = new ArrayList<>(Retention.DEFAULT.keep(kept, now));
    }
    List<Long> numbers = kept.stream().map(RetainedCheckpoint::number).toList();
    assertThat(numbers).hasSize(16 + 24 - 1);
    assertThat(numbers.getFirst()).isEqualTo(25 * 60);
    assertThat(numbers.subList(0, 23)).allMatch(number -> number % 60 == 0);
  }

  @Example
  void aClockFromTheFutureDoesNotKeepEverything() {
    List<RetainedCheckpoint> all = new ArrayList<>();
    for (int number = 1; number <= 500; number++) {
      all.add(checkpoint(number, START.plus(Duration.ofDays(number))));
    }
    assertThat(Retention.DEFAULT.keep(all, START)).hasSizeLessThanOrEqualTo(16 + 25);
  }

  private static Comparator<RetainedCheckpoint> byNumber() {
    return Comparator.comparingLong(RetainedCheckpoint::number);
  }

  private static RetainedCheckpoint checkpoint(long number, Instant time) {
    LogPosition position = new LogPosition(new Epoch(1), number);
    return new RetainedCheckpoint(number, time, null, TreeCounters.ZERO, position);
  }

  /** Ascending numbers; times that mostly go on, and sometimes jump either way. */
  @Provide
  Arbitrary<List<RetainedCheckpoint>> checkpoints() {
    return Arbitraries.integers()
        .between(-300, 20)
        .list()
        .ofMaxSize(80)
        .map(
            minutes -> {
              List<RetainedCheckpoint> all = new ArrayList<>();
              Instant time = START.minus(Duration.ofHours(12));
              for (int step : minutes) {
                time = time.plus(Duration.ofMinutes(step < -250 ? step : Math.abs(step) % 30));
                all.add(checkpoint(all.size() + 1, time));
              }
              return all;
            });
  }
}
