package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Histories of writes, snapshots, rollbacks, deletions and killed owners, long enough that nothing is
 * kept but what has a name: every byte that any state reaches reads as it was, whatever was deleted
 * in between, and once all names are gone so is what they kept.
 */
final class SnapshotHistoryTest {
  private static final int STEPS = 120;

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void everyStateStaysWhatItWas(@ForAll long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Platform platform =
        new Platform(
            clock,
            random.split(),
            ForkJoinPool.commonPool(),
            task -> Thread.ofVirtual().start(task));
    MemStore bucket = new MemStore();
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    ModelTree model = new ModelTree();
    Map<String, String> left = new TreeMap<>();
    Volume volume = Volume.open(bucket, CrashRun.options(), platform);
    try {
      for (Step step : Workload.snapshotSteps(seed, STEPS)) {
        clock.advance(Duration.ofMinutes(random.nextInt(120)));
        String before = model.text();
        new VolumeSteps(volume).apply(step);
        model.apply(step);
        if (step instanceof Step.Rollback && !model.text().equals(before)) {
          left.put(volume.snapshots().list().getLast().name(), before);
        }
        if (random.nextInt(12) == 0) {
          volume.fileSystem().syncAll(Caller.ROOT);
          volume.abandon();
          volume = Volume.open(bucket, CrashRun.options(), platform);
        }
        if (random.nextInt(10) == 0) {
          check(seed + ", " + step, bucket, platform, volume, model, left);
        }
      }
      check(seed + ", at the end", bucket, platform, volume, model, left);
      List<String> names = volume.snapshots().list().stream().map(NamedSnapshot::name).toList();
      if (!names.isEmpty()) {
        volume.snapshots().delete(names);
      }
      settle(volume);
    } finally {
      volume.close();
    }
    fsck(seed + ", without snapshots", bucket, platform);
    assertThat(count(bucket, ObjectNames.HEADS)).as("heads").isLessThanOrEqualTo(20);
    try (Volume again = Volume.open(bucket, CrashRun.options(), platform)) {
      assertThat(TreeText.of(again.fileSystem())).isEqualTo(model.text());
    }
  }

  private static void check(
      String what,
      MemStore bucket,
      Platform platform,
      Volume volume,
      ModelTree model,
      Map<String, String> left)
      throws Exception {
    assertThat(TreeText.of(volume.fileSystem())).as(what).isEqualTo(model.text());
    Map<String, String> expected = new TreeMap<>(model.snapshots());
    expected.putAll(left);
    for (NamedSnapshot each : volume.snapshots().list()) {
      String text = text(bucket, platform, each.name());
      String known = expected.remove(each.name());
      if (known != null) {
        assertThat(text).as("%s: %s", what, each.name()).isEqualTo(known);
      } else {
        assertThat(each.name()).startsWith("before-rollback-");
      }
    }
    assertThat(expected).as(what).isEmpty();
    fsck(what, bucket, platform);
  }

  private static String text(MemStore bucket, Platform platform, String name)
      throws IOException, FsException {
    try (Volume past =
        Volume.at(bucket, new StatePoint.Named(name), CrashRun.options(), platform)) {
      return TreeText.of(past.fileSystem());
    }
  }

  private static void fsck(String what, MemStore bucket, Platform platform) throws Exception {
    FsckReport report =
        Fsck.check(
            bucket, FsckOptions.DEFAULT.withData(true).withFindingsMax(20), platform);
    assertThat(report.errors()).as("%s: fsck %s", what, report.findings()).isZero();
  }

  /** Makes so many checkpoints, over so long a time, that none from before is retained. */
  private void settle(Volume volume) throws IOException {
    for (int i = 0; i < 40; i++) {
      clock.advance(Duration.ofHours(25));
      new VolumeSteps(volume).apply(new Step.MakeFile("settle" + i));
      new VolumeSteps(volume).apply(new Step.Remove("settle" + i));
      volume.checkpoint();
    }
  }

  private static long count(MemStore bucket, String prefix) {
    return bucket.keys().stream().filter(key -> key.value().startsWith(prefix)).count();
  }
}
