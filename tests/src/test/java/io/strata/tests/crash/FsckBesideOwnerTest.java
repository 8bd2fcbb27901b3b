package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A check beside an owner who goes on finds nothing wrong, and does not disturb it. */
class FsckBesideOwnerTest {
  private static final int CHECKS = 20;

  @Test
  void nothingIsFoundWrongWhileTheOwnerGoesOn() throws Exception {
    CrashRun run = new CrashRun(1);
    MemStore bucket = run.format();
    AtomicBoolean stop = new AtomicBoolean();
    try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform());
        ExecutorService worker = Executors.newSingleThreadExecutor()) {
      Future<Long> working = worker.submit(() -> work(volume, stop));
      for (int i = 0; i < CHECKS; i++) {
        FsckReport report =
            Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), run.platform());
        assertThat(report.errors()).as("check %d: %s", i, report.findings()).isZero();
      }
      stop.set(true);
      assertThat(working.get()).isPositive();
    }
    assertThat(Fsck.check(bucket, FsckOptions.DEFAULT, run.platform()).clean()).isTrue();
  }

  private static long work(Volume volume, AtomicBoolean stop) throws IOException {
    VolumeSteps does = new VolumeSteps(volume);
    long steps = 0;
    for (long seed = 1; !stop.get(); seed++) {
      for (Step step : Workload.steps(seed, 20)) {
        does.apply(step);
        steps++;
      }
      does.apply(new Step.Sync());
    }
    return steps;
  }
}
