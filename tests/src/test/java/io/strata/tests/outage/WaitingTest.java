package io.strata.tests.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.tests.outage.Absence.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Those who wait for a store that is away, and do not want to for ever. */
final class WaitingTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final OpenOptions IMPATIENT = VolumeInOutage.OPTIONS.withIoTimeout(TIMEOUT);

  private final VolumeInOutage it = new VolumeInOutage(Kind.REFUSES);

  /** Fails with EIO when its time is over, and not before. */
  private void requireTimeout(Volume volume, Callable<?> operation) throws Exception {
    CompletableFuture<?> done = it.begin(operation);
    while (volume.statistics().waiting() == 0) {
      Thread.sleep(1);
    }
    it.time.pass(TIMEOUT.minusSeconds(1));
    assertThat(done).isNotDone();
    it.time.passUntil(done::isDone);
    assertThat(done.exceptionNow())
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).as("%s", e).isEqualTo(Errno.EIO));
    assertThat(volume.statistics().waiting()).isZero();
  }

  @Test
  void aLookUpOfWhatIsNotInMemoryFailsInTime() throws Exception {
    it.prepare();
    try (Volume volume = it.open(IMPATIENT)) {
      Work work = new Work(volume);
      it.absence.leave();
      requireTimeout(volume, work::sizeOfCold);
      it.absence.comeBack();
      it.time.passUntilDone(it.begin(work::sizeOfCold));
    }
  }
}
