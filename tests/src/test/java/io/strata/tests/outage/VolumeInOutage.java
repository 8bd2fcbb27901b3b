package io.strata.tests.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.platform.Platform;
import io.strata.store.Backoff;
import io.strata.store.ObjectStore;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import io.strata.store.retry.RetryStore;
import io.strata.store.watch.WatchedStore;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A volume in a store in memory that goes away for a while of virtual time. */
final class VolumeInOutage {
  private static final int KIB = 1 << 10;

  /** Little may be dirty, so that writers soon wait; whatever is read once stays in memory. */
  static final VolumeLimits LIMITS =
      new VolumeLimits(
          64 * KIB, 512L * KIB, 65_536L * KIB, 8_192L * KIB, 4_096L * KIB, 16 * KIB, 128 * KIB);

  static final OpenOptions OPTIONS = OpenOptions.DEFAULT.withLimits(LIMITS).withTakeOver(true);

  final VirtualTime time = new VirtualTime();
  final Platform platform = time.platform();
  final MemStore bucket = new MemStore();
  final Absence absence;
  final WatchedStore watched;
  final ObjectStore store;

  VolumeInOutage(Absence.Kind kind) {
    absence = new Absence(kind);
    watched = new WatchedStore(new FaultStore(bucket, absence, platform.clock()), platform);
    store = new RetryStore(absence.heard(watched), platform, Backoff.FOREVER);
  }

  /** Makes one with something in it, and closes it. */
  void prepare() throws IOException, FsException {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      Work.prepare(volume);
    }
  }

  /** Opens it for an owner who is killed later, by {@link FaultStore#crash} of the store given. */
  Volume openMortal(FaultStore mortal) throws IOException {
    return Volume.open(mortal, OPTIONS, platform);
  }

  Volume open(OpenOptions options) throws IOException {
    return Volume.open(store, options, platform);
  }

  /** Does something on a thread of its own. */
  <T> CompletableFuture<T> begin(Callable<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                done.complete(task.call());
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  void requireClean() throws IOException, InterruptedException {
    FsckReport report = Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), platform);
    assertThat(report.errors()).as("fsck: %s", report.findings()).isZero();
  }
}
