package io.strata.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SnapshotSchedule HOURLY_AND_DAILY =
      new SnapshotSchedule(
          List.of(
              new KeepRule(Duration.ofHours(1), 24),
              new KeepRule(Duration.ofDays(1), 7)));

  private static NamedSnapshot snapshot(String name, Instant time) {
    return new NamedSnapshot(
        name,
        new RetainedCheckpoint(
            1, time, null, TreeCounters.ZERO, LogPosition.start(new Epoch(1))));
  }

  @Test
  void aMonthLeavesADayOfHoursAndAWeekOfDays() {
    List<NamedSnapshot> there = new ArrayList<>();
    there.add(snapshot("by hand", START));
    there.add(snapshot("auto-matic", START));
    Instant now = START;
    for (int minutes = 0; minutes < 30 * 24 * 60; minutes += 20) {
      now = START.plus(Duration.ofMinutes(minutes + 3));
      if (HOURLY_AND_DAILY.isDue(there, now)) {
        there.add(snapshot(HOURLY_AND_DAILY.name(now), now));
      }
      List<String> old = HOURLY_AND_DAILY.toDelete(there);
      there.removeIf(each -> old.contains(each.name()));
    }
    // The days' first ones are among the hours' on the last day, and once more at its end.
    assertThat(there).hasSizeBetween(2 + 24 + 5, 2 + 24 + 7);
    assertThat(there).extracting(NamedSnapshot::name).contains("by hand", "auto-matic");
    assertThat(there.getLast().name()).isEqualTo("auto-20260130T230300Z");
    assertThat(there.get(2).checkpoint().time()).isBefore(now.minus(Duration.ofDays(6)));
  }

  @Test
  void aSpanBeginsOnTheClock() {
    Instant now = START.plus(Duration.ofMinutes(50));
    assertThat(HOURLY_AND_DAILY.untilNext(now)).isEqualTo(Duration.ofMinutes(10));
    assertThat(HOURLY_AND_DAILY.untilNext(START)).isEqualTo(Duration.ofHours(1));
    assertThat(HOURLY_AND_DAILY.isDue(List.of(), now)).isTrue();
    NamedSnapshot first = snapshot(HOURLY_AND_DAILY.name(START), START);
    assertThat(HOURLY_AND_DAILY.isDue(List.of(first), now)).isFalse();
    assertThat(NamedSnapshot.objection(first.name())).isEmpty();
  }
}
