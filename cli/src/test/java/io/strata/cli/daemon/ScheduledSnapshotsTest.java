package io.strata.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.cli.volume.ScheduleReport;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits runs at once, on the thread that moves the clock. */
final class ScheduledSnapshotsTest {
  private final ManualClock clock =
      ManualClock.startingAt(Instant.parse("2026-01-01T00:10:00Z"));
  private final Platform platform =
      new Platform(clock, new SplittableRandom(1), ForkJoinPool.commonPool(), Runnable::run);
  private final MemStore bucket = new MemStore();
  private Volume volume;

  @BeforeEach
  void open() throws IOException {
    Platform ofVolume =
        new Platform(
            clock,
            new SplittableRandom(1),
            ForkJoinPool.commonPool(),
            task -> Thread.ofVirtual().start(task));
    Volume.format(bucket, FormatOptions.DEFAULT, ofVolume);
    volume = Volume.open(bucket, OpenOptions.DEFAULT, ofVolume);
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  @Test
  void aChangeOfTheRulesIsObeyedAtOnce() throws Exception {
    ScheduledSnapshots scheduled = scheduled(null);
    clock.advance(Duration.ofHours(3));
    assertThat(names()).isEmpty();

    volume.snapshots().schedule(List.of(new KeepRule(Duration.ofHours(1), 2)));
    scheduled.changed();
    assertThat(names()).containsExactly("auto-20260101T031000Z");
    clock.advance(Duration.ofHours(3));
    assertThat(names()).containsExactly("auto-20260101T050000Z", "auto-20260101T060000Z");

    volume.snapshots().schedule(List.of());
    scheduled.changed();
    clock.advance(Duration.ofHours(3));
    assertThat(names()).containsExactly("auto-20260101T050000Z", "auto-20260101T060000Z");
    scheduled.close();
  }

  @Test
  void theDaemonsOwnRulesComeFirst() throws Exception {
    volume.snapshots().schedule(List.of(new KeepRule(Duration.ofHours(1), 2)));
    ScheduledSnapshots none = scheduled(ScheduleReport.parse("off"));
    clock.advance(Duration.ofHours(3));
    assertThat(names()).isEmpty();
    none.close();

    ScheduledSnapshots daily = scheduled(ScheduleReport.parse("1d:5"));
    clock.advance(Duration.ofHours(3));
    assertThat(names()).hasSize(1);
    daily.close();
    clock.advance(Duration.ofDays(3));
    assertThat(names()).hasSize(1);
  }

  private ScheduledSnapshots scheduled(@Nullable ScheduleReport instead) {
    ScheduledSnapshots scheduled =
        new ScheduledSnapshots(
            instead, volume.snapshots(), volume.snapshots()::create, platform);
    scheduled.changed();
    return scheduled;
  }

  private List<String> names() {
    return volume.snapshots().list().stream().map(NamedSnapshot::name).toList();
  }
}
