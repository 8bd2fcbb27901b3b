package io.strata.tests.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.tests.outage.Absence.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who wait for a store that is away, and do not want to for ever. */
@Timeout(60)
final class WaitingTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final OpenOptions IMPATIENT = VolumeInOutage.OPTIONS.withIoTimeout(TIMEOUT);

  private static final int CHUNK_BYTES = 20_000;

  private final VolumeInOutage it = new VolumeInOutage(Kind.REFUSES);
  private final FaultStore life = new FaultStore(it.store, FaultPlan.none());
  private final Volume volume;
  private final Work work;

  WaitingTest() throws Exception {
    it.prepare();
    volume = Volume.open(life, IMPATIENT, it.platform);
    work = new Work(volume);
  }

  /** Not {@code close}, which would wait for the store in a time that stands still. */
  @AfterEach
  void abandon() {
    volume.abandon();
  }

  private static void requireTimedOut(CompletableFuture<?> done) {
    assertThat(done.exceptionNow())
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).as("%s", e).isEqualTo(Errno.EIO))
        .hasMessageContaining(TIMEOUT.toString());
  }

  /** Fails with EIO when its time is over, and not before. */
  private void requireTimeout(Callable<?> operation) throws Exception {
    CompletableFuture<?> done = it.begin(operation);
    while (volume.statistics().waiting() == 0) {
      assertThat(done).isNotDone();
      Thread.sleep(1);
    }
    it.time.pass(TIMEOUT.minusSeconds(1));
    assertThat(done).isNotDone();
    it.time.passUntil(done::isDone);
    requireTimedOut(done);
    assertThat(volume.statistics().waiting()).isZero();
  }

  @Test
  void aLookUpOfWhatIsNotInMemoryFailsInTime() throws Exception {
    it.absence.leave();
    requireTimeout(work::sizeOfCold);
    it.absence.comeBack();
    it.time.passUntilDone(it.begin(work::sizeOfCold));
  }

  @Test
  void writesFillWhatMayBeDirtyThenWaitThenFailInTime() throws Exception {
    byte[] chunk = Work.content(7, CHUNK_BYTES);
    Work.append(volume, "records", chunk);
    it.absence.leave();
    AtomicInteger written = new AtomicInteger(1);
    AtomicLong lastNanos = new AtomicLong();
    CompletableFuture<?> writer =
        it.begin(
            () -> {
              while (true) {
                Work.append(volume, "records", chunk);
                written.incrementAndGet();
                lastNanos.set(it.platform.clock().nanoTime());
              }
            });
    it.time.passUntil(writer::isDone);
    Duration waited = Duration.ofNanos(it.platform.clock().nanoTime() - lastNanos.get());
    requireTimedOut(writer);
    assertThat(waited).isGreaterThanOrEqualTo(TIMEOUT);
    long max = VolumeInOutage.LIMITS.dirtyBytesMax();
    assertThat(Objects.requireNonNull(volume.statistics().segments()).dirtyBytes())
        .isBetween(max - CHUNK_BYTES, max);

    it.absence.comeBack();
    it.time.passUntilDone(it.begin(() -> append(chunk)));
    it.time.passUntilDone(it.begin(this::close));
    it.requireClean();
    try (Volume again = it.open(VolumeInOutage.OPTIONS)) {
      new Work(again).verifyTail("records", chunk, written.get() + 1);
    }
  }

  @Test
  void whatASyncHasFailedForGoesOutLaterWithoutAnother() throws Exception {
    byte[] chunk = Work.content(8, CHUNK_BYTES);
    Work.append(volume, "records", chunk);
    it.absence.leave();
    requireTimeout(() -> sync("records"));
    it.absence.comeBack();
    // Nobody asks for anything any more, and the owner is killed before he closes the volume.
    it.time.passUntil(() -> volume.statistics().pendingLogBytes() == 0);
    life.crash();
    volume.abandon();
    try (Volume again = it.open(VolumeInOutage.OPTIONS)) {
      new Work(again).verifyTail("records", chunk, 1);
    }
    it.requireClean();
  }

  private boolean append(byte[] bytes) throws FsException {
    Work.append(volume, "records", bytes);
    return true;
  }

  private boolean sync(String name) throws FsException {
    work.sync(name);
    return true;
  }

  private boolean close() throws Exception {
    volume.close();
    return true;
  }
}
