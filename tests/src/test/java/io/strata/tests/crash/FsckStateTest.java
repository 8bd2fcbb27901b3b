package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.fault.Fault;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state that is kept is checked as it was, whatever has become of the volume. */
class FsckStateTest {
  private final CrashRun run = new CrashRun(3);

  private FsckReport check(MemStore bucket, @Nullable String state) throws Exception {
    return Fsck.check(
        bucket, FsckOptions.DEFAULT.withData(true).withAt(state), run.platform());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyStateThatIsKeptIsClean(long seed) throws Exception {
    MemStore bucket =
        run.run(run.format(), Workload.snapshotSteps(seed, 60), 0, Fault.PASS).bucket();
    List<String> states = new ArrayList<>();
    try (Volume volume =
        Volume.open(bucket, CrashRun.options().withReadOnly(true), run.platform())) {
      for (NamedSnapshot each : volume.snapshots().list()) {
        states.add(each.name());
        states.add(Long.toString(each.checkpoint().number()));
        states.add(each.checkpoint().time().toString());
      }
    }
    assertThat(states).isNotEmpty();
    List<ObjectKey> before = bucket.keys();
    for (String state : states) {
      FsckReport report = check(bucket, state);
      assertThat(report.complete()).isTrue();
      assertThat(report.findings()).as(state).isEmpty();
    }
    assertThat(bucket.keys()).isEqualTo(before);
    assertThatThrownBy(() -> check(bucket, "never"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no state never is kept");
  }

  @Test
  void whatOnlyAStateHasLostIsFoundThere() throws Exception {
    List<Step> steps =
        List.of(
            new Step.MakeFile("a"),
            new Step.Write("a", 0, 60_000, 1),
            new Step.Snapshot("then"),
            new Step.Remove("a"),
            new Step.Checkpoint());
    MemStore bucket = run.run(run.format(), steps, 0, Fault.PASS).bucket();
    bucket.delete(
        bucket.keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
            .toList());

    assertThat(check(bucket, null).errors()).isZero();
    FsckReport then = check(bucket, "then");
    assertThat(then.findings()).anyMatch(each -> each.code().equals("bytes-lost"));
    assertThat(then.findings().toString()).contains("/a");
  }

  /** An owner who writes a head after the other does not disturb the check of a snapshot. */
  @Test
  void anOwnerWhoGoesOnDoesNotDisturbTheCheckOfASnapshot() throws Exception {
    MemStore bucket = run.format();
    CountDownLatch begun = new CountDownLatch(3);
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform())) {
      VolumeSteps does = new VolumeSteps(volume);
      for (Step step : Workload.steps(5, 40)) {
        does.apply(step);
      }
      does.apply(new Step.Snapshot("held"));
      Thread owner =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (long seed = 1; !over.get(); seed++) {
                        for (Step step : Workload.steps(seed, 3)) {
                          does.apply(step);
                        }
                        volume.checkpoint();
                        begun.countDown();
                      }
                    } catch (IOException | RuntimeException e) {
                      failed.set(e);
                    }
                  });
      try {
        begun.await();
        for (int i = 0; i < 5; i++) {
          FsckReport report = check(bucket, "held");
          assertThat(report.complete()).isTrue();
          assertThat(report.findings()).isEmpty();
        }
      } finally {
        over.set(true);
        owner.join();
      }
      assertThat(volume.statistics().head()).isGreaterThan(4);
    }
    assertThat(failed.get()).isNull();
  }
}
