package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.Outdated;
import io.strata.fs.volume.LogHistory;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.fault.Fault;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

/**
 * A volume goes back to each of its log entries, and is what it was then: to the byte, and clean to
 * {@code fsck}. For some of them the owner is killed at every one of his requests: the volume is the
 * one or the other afterwards, and goes there when it is told once more.
 *
 * <p>{@code -Dstrata.crash.seed=N} takes one history again.
 */
final class PointInTimeTest {
  private static final int STEPS = 60;
  private static final int HEADS_MAX = 4;
  private static final int SYNC_EACH = 3;

  /** Of so many entries, one is killed everywhere. */
  private static final int KILLED_EACH = 5;

  private int refused;
  private int reached;

  @Property(tries = 2, shrinking = ShrinkingMode.OFF)
  void everyLogEntryCanBeGoneBackTo(@ForAll long anySeed) throws Exception {
    Long chosen = Long.getLong("strata.crash.seed");
    long seed = chosen == null ? anySeed : chosen;
    System.out.println("points in time: seed " + seed);
    CrashRun run = new CrashRun(seed);
    List<Step> steps = steps(seed);
    MemStore bucket = run.run(run.format(), steps, 0, Fault.PASS).bucket();
    List<LogHistory.Point> entries = new ArrayList<>();
    LogHistory.read(
        bucket,
        CrashRun.options(),
        run.platform(),
        LogPosition.start(new Epoch(1)),
        entries::add);
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i).position().toString();
      goBack("seed %d, entry %s".formatted(seed, entry), bucket, entry, run, i % KILLED_EACH == 0);
    }
    assertThat(reached).as("%d entries, %d refused", entries.size(), refused).isPositive();
  }

  /** Few heads, so that none is let go, and many log entries. */
  private static List<Step> steps(long seed) {
    List<Step> steps = new ArrayList<>();
    int heads = 0;
    int others = 0;
    for (Step step : Workload.snapshotSteps(seed, STEPS)) {
      if (step instanceof Step.Collect || step instanceof Step.Forget) {
        continue;
      }
      boolean head =
          step instanceof Step.Snapshot
              || step instanceof Step.Checkpoint
              || step instanceof Step.Rollback;
      if (head && ++heads > HEADS_MAX) {
        continue;
      }
      steps.add(step);
      if (others++ % SYNC_EACH == 0) {
        steps.add(new Step.Sync());
      }
    }
    return steps;
  }

  private void goBack(
      String what, MemStore bucket, String entry, CrashRun run, boolean kill) throws Exception {
    List<Step> back = List.of(new Step.Rollback(entry));
    String before = text(bucket, null, run);
    String seen = text(bucket, entry, run);
    if (isRefused(what, bucket.copy(), entry, run)) {
      assertThat(seen).as("%s: what is refused cannot be read", what).isNull();
      refused++;
      return;
    }
    CrashRun.Outcome there = run.run(bucket.copy(), back, 0, Fault.PASS);
    reached++;
    assertClean(what, there.bucket(), run);
    String then = text(there.bucket(), null, run);
    assertThat(then).as(what).isNotNull().isEqualTo(seen);
    for (long at = 1; kill && at <= there.requests(); at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        String where = "%s, %s at request %d".formatted(what, fault.kind(), at);
        MemStore killed = run.run(bucket.copy(), back, at, fault).bucket();
        MemStore opened = run.run(killed.copy(), List.of(), 0, Fault.PASS).bucket();
        assertThat(text(opened, null, run)).as(where).isIn(before, then);
        assertClean(where, opened, run);
        MemStore again = run.run(killed.copy(), back, 0, Fault.PASS).bucket();
        assertThat(text(again, null, run)).as(where).isEqualTo(then);
        assertClean(where + ", and again", again, run);
      }
    }
  }

  private static boolean isRefused(String what, MemStore bucket, String entry, CrashRun run)
      throws IOException {
    try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform())) {
      volume.snapshots().rollback(StatePoint.parse(entry), Outdated.NOBODY);
      return false;
    } catch (VolumeException e) {
      assertThat(e).as(what).hasMessageContaining("before the next checkpoint");
      return true;
    }
  }

  /** What a state holds; null if some of its bytes are gone. */
  private static @Nullable String text(MemStore bucket, @Nullable String state, CrashRun run)
      throws IOException {
    OpenOptions options = CrashRun.options().withReadOnly(true);
    try (Volume volume =
        state == null
            ? Volume.open(bucket, options, run.platform())
            : Volume.at(bucket, StatePoint.parse(state), options, run.platform())) {
      return TreeText.of(volume.fileSystem());
    } catch (FsException e) {
      assertThat(e).as(state).hasMessageContaining("between two checkpoints");
      return null;
    }
  }

  private static void assertClean(String what, MemStore bucket, CrashRun run) throws Exception {
    FsckReport report =
        Fsck.check(
            bucket, FsckOptions.DEFAULT.withData(true).withFindingsMax(20), run.platform());
    assertThat(report.errors()).as("%s: fsck %s", what, report.findings()).isZero();
  }
}
