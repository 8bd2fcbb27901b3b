package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.copy.CopyReport;
import io.strata.fs.copy.VolumeCopy;
import io.strata.fs.volume.Volume;
import io.strata.fsck.FsckReport;
import io.strata.store.Attempts;
import io.strata.store.InterceptingStore;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A volume is copied whose owner makes checkpoints, and lets others go, meanwhile. */
final class BusyCopyTest {
  private final CrashRun run = new CrashRun(1);

  private static List<Step> checkpoints(int seed, int count) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(new Step.Write("a", 0, 90_000, seed + i));
      steps.add(new Step.Checkpoint());
    }
    return steps;
  }

  @Test
  void everyCheckpointOfTheCopyIsThere() throws Exception {
    List<Step> before = new ArrayList<>(List.of(new Step.MakeFile("a")));
    before.addAll(checkpoints(0, 20));
    MemStore bucket = run.run(run.format(), before, 0, Fault.PASS).bucket();
    Volume owner = Volume.open(bucket, CrashRun.options(), run.platform());
    MemStore to = new MemStore();
    CopyReport report =
        VolumeCopy.copy(
            busy(bucket, new VolumeSteps(owner)),
            to,
            true,
            (objects, bytes) -> {},
            run.platform());
    String files = TreeText.of(owner.fileSystem());
    owner.abandon();

    assertThat(report.gone()).isPositive();
    FsckReport found = VolumeStates.requireSound("copy", to, run);
    assertThat(found.warnings()).as("%s", found.findings()).isZero();
    assertThat(VolumeStates.of(to, run)).containsEntry("", files);
  }

  /** A store whose owner does something when the first segment is read. */
  private static ObjectStore busy(MemStore bucket, VolumeSteps owner) {
    AtomicBoolean done = new AtomicBoolean();
    return new InterceptingStore(bucket) {
      @Override
      protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
          throws StoreException {
        if (verb == Verb.GET
            && name.startsWith(ObjectNames.SEGMENTS)
            && done.compareAndSet(false, true)) {
          try {
            for (Step step : checkpoints(100, 10)) {
              owner.apply(step);
            }
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        }
        return request.send();
      }
    };
  }
}
