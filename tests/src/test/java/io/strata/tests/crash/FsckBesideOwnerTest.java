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
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** A check beside an owner who goes on finds nothing wrong, and does not disturb it. */
class FsckBesideOwnerTest {
  private static final int CHECKS = 20;
  private static final int ROUNDS_A_CHECK = 5;

  @Test
  void nothingIsFoundWrongWhileTheOwnerGoesOn() throws Exception {
    CrashRun run = new CrashRun(1);
    MemStore bucket = run.format();
    Semaphore rounds = new Semaphore(0);
    try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform());
        ExecutorService worker = Executors.newSingleThreadExecutor()) {
      Future<Long> working = worker.submit(() -> work(volume, rounds));
      for (int i = 0; i < CHECKS; i++) {
        rounds.release(ROUNDS_A_CHECK);
        FsckReport report =
            Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), run.platform());
        if (report.errors() > 0) {
          // Or closing the worker would wait for rounds that do not come.
          rounds.release(CHECKS * ROUNDS_A_CHECK);
        }
        assertThat(report.errors()).as("check %d: %s", i, report.findings()).isZero();
      }
      assertThat(working.get()).isPositive();
    }
    assertThat(Fsck.check(bucket, FsckOptions.DEFAULT, run.platform()).clean()).isTrue();
  }

  private static long work(Volume volume, Semaphore rounds)
      throws IOException, InterruptedException {
    VolumeSteps does = new VolumeSteps(volume);
    long steps = 0;
    for (long seed = 1; seed <= CHECKS * ROUNDS_A_CHECK; seed++) {
      rounds.acquire();
      for (Step step : Workload.steps(seed, 20)) {
        does.apply(step);
        steps++;
      }
      does.apply(new Step.Sync());
    }
    return steps;
  }
}
