package io.strata.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.Severity;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A volume that a crash left is found whole by every later build: read without a trace, taken over,
 * written to and closed.
 */
class GoldenVolumeTest {
  private final Platform platform =
      GoldenMaker.platform(ManualClock.startingAt(Instant.parse("2030-01-01T00:00:00Z")));

  private Archive archive = new Archive(new MemStore(), "");

  @BeforeEach
  void load() throws Exception {
    archive = Archive.version1();
  }

  @Test
  void isCleanAsTheCrashLeftIt() throws Exception {
    FsckReport report = check(archive.bucket());
    assertThat(report.findings()).extracting("severity").containsOnly(Severity.NOTE);
    assertThat(report.counts().logEntries()).isPositive();
    assertThat(report.counts().pages()).isGreaterThan(2);
    assertThat(report.counts().segments()).isGreaterThan(5);
  }

  @Test
  void readsAsItWasWrittenWithoutATrace() throws Exception {
    MemStore copy = archive.bucket().copy();
    try (Volume volume = Volume.open(copy, GoldenMaker.options().withReadOnly(true), platform)) {
      assertThat(Manifest.of(volume.fileSystem())).isEqualTo(archive.manifest());
    }
    assertThat(copy.keys()).isEqualTo(archive.bucket().keys());
  }

  @Test
  void isRecoveredAndGoesOn() throws Exception {
    MemStore bucket = archive.bucket();
    String recovered;
    try (Volume volume = Volume.open(bucket, GoldenMaker.options(), platform)) {
      recovered = Manifest.of(volume.fileSystem());
      // Orphans are removed in the background: the first line counts them or does not.
      assertThat(lines(recovered)).isEqualTo(lines(archive.manifest()));
    }
    assertThat(check(bucket).findings()).isEmpty();
    try (Volume volume = Volume.open(bucket, GoldenMaker.options(), platform)) {
      assertThat(lines(Manifest.of(volume.fileSystem()))).isEqualTo(lines(recovered));
    }
  }

  /** The names, without the sums. */
  private static String lines(String manifest) {
    return manifest.substring(manifest.indexOf('\n') + 1);
  }

  private FsckReport check(MemStore bucket) throws Exception {
    return Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), platform);
  }
}
